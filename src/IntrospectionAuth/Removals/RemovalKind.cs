namespace IntrospectionAuth.Removals;

/// <summary>By what a removal selects tokens. The numbers are part of the messages between nodes and never change.</summary>
internal enum RemovalKind
{
    /// <summary>Every token, because single removals were lost or are too many.</summary>
    Everything = 0,
    Token = 1,
    Subject = 2,
    Session = 3,
    Client = 4,
    Organization = 5,
    Workspace = 6,
    Scheme = 7,
}

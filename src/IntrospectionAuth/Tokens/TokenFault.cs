namespace IntrospectionAuth.Tokens;

/// <summary>Why a token is malformed.</summary>
internal enum TokenFault
{
    None,

    /// <summary>There are several <c>Authorization</c> headers, and one of them has a token.</summary>
    SeveralHeaders,

    /// <summary>The authorization scheme has no token after it.</summary>
    Empty,

    TooLong,

    /// <summary>It has a character that a token cannot have, such as a space or a quote.</summary>
    InvalidCharacter,

    /// <summary>There is a token in two places, or twice in one.</summary>
    SeveralPlaces,

    /// <summary>The form, which may have a token, cannot be read.</summary>
    UnreadableForm,
}

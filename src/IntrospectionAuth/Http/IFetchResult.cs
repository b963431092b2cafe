namespace IntrospectionAuth.Http;

/// <summary>What comes of a fetch that is made on behalf of many.</summary>
internal interface IFetchResult
{
    /// <summary>Whether fetching again at once may help.</summary>
    bool IsTransient { get; }

    /// <summary>Notes that this has been done for everyone who waits, and that none of them needs to.</summary>
    void NoteRepeated();
}

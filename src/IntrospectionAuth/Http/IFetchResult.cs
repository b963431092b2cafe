namespace IntrospectionAuth.Http;

/// <summary>The result of a fetch that is made on behalf of many callers.</summary>
internal interface IFetchResult<out TSelf>
{
    /// <summary>Whether a second attempt may succeed at once.</summary>
    bool MayBeRetried { get; }

    /// <summary>The same result after the last attempt: no caller retries it again.</summary>
    TSelf AsRetried();
}

namespace IntrospectionAuth.Interop.Vendors;

/// <summary>A provider's authorization server as its documentation describes it.</summary>
/// <typeparam name="TSelf">The server itself.</typeparam>
public interface IVendorServer<TSelf> : IAsyncDisposable
    where TSelf : IVendorServer<TSelf>
{
    /// <summary>Gets the settings of a scheme that calls this server.</summary>
    Dictionary<string, string> Settings { get; }

    /// <summary>Starts a server.</summary>
    static abstract Task<TSelf> StartAsync();
}

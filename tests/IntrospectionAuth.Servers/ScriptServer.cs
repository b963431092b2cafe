namespace IntrospectionAuth.Servers;

/// <summary>An authorization server that a script of this project runs.</summary>
public abstract class ScriptServer : IAsyncLifetime
{
    private readonly string _packages;
    private readonly string _interpreter;
    private readonly string _script;
    private ServerProcess? _process;
    private TokenClient? _client;

    private protected ScriptServer(string packages, string interpreter, string script)
    {
        _packages = packages;
        _interpreter = interpreter;
        _script = script;
    }

    internal string Url => _process!.Url;

    /// <summary>The client of users.</summary>
    internal TokenClient Client => _client!;

    private protected abstract string TokenPath { get; }

    /// <summary>The path of the revocation endpoint; empty where the server has none.</summary>
    private protected abstract string RevocationPath { get; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Requirement.FindMissing(_packages) is not null)
            return; // every test is skipped, but the fixture is still created

        _process = await ServerProcess.StartScriptAsync(_interpreter, _script);
        _client = new TokenClient(Url + TokenPath, Url + RevocationPath, "app", "app-secret");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal Task KillAsync() => _process!.KillAsync();
}

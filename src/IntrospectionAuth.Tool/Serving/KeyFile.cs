using System.Globalization;
using System.Security.Cryptography;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>
/// The key by which <c>token</c> and <c>revoke</c> prove to a running <c>serve</c> that the same user started them. Web pages and other
/// users cannot read it.
/// </summary>
internal sealed class KeyFile
{
    private const int KeyLength = 32;

    private readonly string _path;

    /// <exception cref="UsageException">The user has no folder for it.</exception>
    public KeyFile(ToolHost host, int port)
    {
        if (host.DataFolder.Length == 0)
            throw new UsageException("This user has no folder for application data. Set HOME to one.");

        Folder = Path.Combine(host.DataFolder, "IntrospectionAuth");
        _path = Path.Combine(Folder, $"serve-{port.ToString(CultureInfo.InvariantCulture)}.key");
    }

    private string Folder { get; }

    /// <summary>Writes a new key.</summary>
    /// <exception cref="FailureException">This user cannot write it.</exception>
    public string Create()
    {
        string key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyLength));
        try
        {
            Write(key);
            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(
                $"The key for 'token' and 'revoke' cannot be written to {_path}. Make its folder writable, or set HOME to a folder that is."
            );
        }
    }

    /// <returns>The key; null when no <c>serve</c> of this user runs on the port.</returns>
    /// <exception cref="FailureException">This user cannot read it.</exception>
    public string? Read()
    {
        try
        {
            return File.Exists(_path) ? File.ReadAllText(_path).Trim() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"The key of the server cannot be read from {_path}. Run this command as the user who started it.");
        }
    }

    public void Delete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next server on the port replaces it. Without its server, it opens nothing.
        }
    }

    private void Write(string key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows()) // A user's profile is readable by that user alone.
        {
            Directory.CreateDirectory(Folder);
        }
        else
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(_path); // of a server that was killed: no other one has the port now
        using var writer = new StreamWriter(_path, options);
        writer.Write(key);
    }
}

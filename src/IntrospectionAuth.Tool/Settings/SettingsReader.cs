using IntrospectionAuth.Tool.Terminal;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Tool.Settings;

/// <summary>
/// Reads the settings of a scheme from the sources of an ASP.NET Core application, in its order: <c>appsettings.json</c>,
/// <c>appsettings.{environment}.json</c>, the same of <c>{application}.settings.json</c>, user secrets in Development, environment
/// variables, the command line.
/// </summary>
internal static class SettingsReader
{
    private const string Development = "Development";
    private const string FileName = "appsettings.json";

    /// <exception cref="UsageException">A file or a tenant that the command line names is not there, or a file is not valid.</exception>
    public static SchemeSettings Read(SettingsRequest request, ToolHost host)
    {
        // DOTNET_ENVIRONMENT wins in WebApplication.CreateBuilder.
        string environment =
            request.Environment ?? host.GetVariable("DOTNET_ENVIRONMENT") ?? host.GetVariable("ASPNETCORE_ENVIRONMENT") ?? Development;
        string? file = request.ReadsFiles ? FindFile(request.Path, host.WorkingFolder) : null;

        var builder = new ConfigurationBuilder();
        var names = new List<string>();
        if (request.ReadsFiles)
        {
            if (file is not null)
                AddFiles(builder, names, file, environment);
            if (environment.Equals(Development, StringComparison.OrdinalIgnoreCase))
                AddUserSecrets(builder, names, request.UserSecretsId ?? ProjectReader.FindUserSecretsId(Path.GetDirectoryName(file)));
            builder.AddEnvironmentVariables();
            names.Add("environment variables");
        }

        string section = $"{SchemeSettings.Schemes}:{request.Scheme}";
        KeyValuePair<string, string?>[] overrides =
        [
            .. request.Overrides.Select(it => KeyValuePair.Create($"{section}:{it.Key}", it.Value)),
        ];
        builder.AddInMemoryCollection(overrides);
        names.Add("command line");

        IConfigurationRoot root = Build(builder);
        IConfiguration configuration = TenantSettings.Apply(root, section, request.Tenant, request.Overrides);
        if (configuration != root)
            configuration = new ConfigurationBuilder().AddConfiguration(configuration).AddInMemoryCollection(overrides).Build();
        return new SchemeSettings
        {
            Scheme = request.Scheme,
            Environment = environment,
            Configuration = configuration,
            Sources = [.. names.Zip(root.Providers).Where(it => it.Second.GetChildKeys([], section).Any()).Select(static it => it.First)],
            File = file,
        };
    }

    private static string? FindFile(string? path, string workingFolder)
    {
        string full = Path.GetFullPath(path ?? FileName, workingFolder);
        if (Directory.Exists(full))
            full = Path.Combine(full, FileName);
        if (File.Exists(full))
            return full;

        return path is null ? null : throw new UsageException($"{path} does not exist. Name an appsettings.json or its folder.");
    }

    private static void AddFiles(ConfigurationBuilder builder, List<string> names, string file, string environment)
    {
        string folder = Path.GetDirectoryName(file)!;
        builder.SetBasePath(folder);
        Add(Path.GetFileName(file));
        if (ProjectReader.FindApplicationName(folder) is { } application)
            Add($"{application}.settings.json");

        void Add(string own)
        {
            string ofEnvironment = $"{Path.GetFileNameWithoutExtension(own)}.{environment}{Path.GetExtension(own)}";
            foreach (string name in (string[])[own, ofEnvironment])
            {
                builder.AddJsonFile(name, optional: true, reloadOnChange: false);
                names.Add(name);
            }
        }
    }

    private static void AddUserSecrets(ConfigurationBuilder builder, List<string> names, string? id)
    {
        if (string.IsNullOrWhiteSpace(id))
            return;

        try
        {
            builder.AddUserSecrets(id);
            names.Add("user secrets");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // There is no folder for user secrets here, or the id is no name of a folder. Then the application has none, either.
        }
    }

    private static IConfigurationRoot Build(ConfigurationBuilder builder)
    {
        try
        {
            return builder.Build();
        }
        catch (InvalidDataException exception) when (exception.InnerException is not IOException)
        {
            throw new UsageException(
                $"{NameFile(builder, exception)} is not valid JSON{JsonFaultPosition.Describe(exception)}. Correct it, then try again."
            );
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"{NameFile(builder, exception)} cannot be read. Check that this user may read it, and that no other program has locked it."
            );
        }
    }

    private static string NameFile(ConfigurationBuilder builder, Exception exception) =>
        builder
            .Sources.OfType<FileConfigurationSource>()
            .Select(static source => Path.GetFileName(source.Path) ?? "")
            .FirstOrDefault(name => name.Length > 0 && exception.Message.Contains(name, StringComparison.Ordinal), "A file");
}

using System.Runtime.CompilerServices;

namespace IntrospectionAuth.Tests.Mutants;

/// <summary>Gives every static field of the library its value before a mutant is active.</summary>
/// <remarks>
/// Stryker runs one mutant after the other in a process. A field that gets its value under one of them would keep it under the next, whose
/// tests would fail for no reason of its own. So no test reaches a mutant of these values.
/// </remarks>
internal static class StaticFields
{
    private const int NoMutant = -1;

    [ModuleInitializer]
    internal static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("STRYKER_MUTANT_FILE") is not { } path)
            return;

        // Stryker writes the number of the mutant again for each run, and starts none before this process has connected to it.
        byte[] active = new byte[sizeof(int)];
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.ReadExactly(active);
        Write(file, BitConverter.GetBytes(NoMutant));
        foreach (Type type in typeof(OAuthIntrospectionOptions).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        Write(file, active);
    }

    private static void Write(FileStream file, byte[] mutant)
    {
        file.Position = 0;
        file.Write(mutant);
        file.Flush();
    }
}

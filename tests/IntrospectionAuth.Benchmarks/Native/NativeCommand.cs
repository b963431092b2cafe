using System.Diagnostics;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Benchmarks.Native;

/// <summary>Checks samples/Native as a native binary and on .NET, and measures size, start and memory of both.</summary>
internal sealed class NativeCommand(IReadOnlyList<ApiProgram> programs)
{
    public const string Aot = "native",
        Jit = "jit";

    private const int Starts = 10,
        Requests = 1000,
        Tokens = 100;

    private readonly FigureSet _figures = new();

    public static async Task<int> RunAsync(string native, string jit, string folder)
    {
        var command = new NativeCommand([new ApiProgram(Aot, native), new ApiProgram(Jit, jit)]);
        Machine.Describe(command._figures, $"{Starts} rounds");
        int wrong = await command.RunAsync();
        FigureFiles.Save(command._figures, folder, "native");
        return wrong == 0 ? 0 : 1;
    }

    private async Task<int> RunAsync()
    {
        int failed = 0;
        foreach (ApiProgram program in programs)
        {
            (int checks, int wrong) = await new Acceptance(program).RunAsync();
            failed += wrong;
            _figures.Add($"{program.Name}/checks", "", checks);
            _figures.Add($"{program.Name}/wrong", "", wrong);
            _figures.Add($"{program.Name}/size", "bytes", program.Size);
            _figures.Add($"{program.Name}/framework", "bytes", program.FrameworkSize);
        }

        for (int round = 0; round < Starts; round++)
        {
            _figures.Add("load", "", Machine.Load());
            foreach (ApiProgram program in programs)
                await MeasureAsync(program);
        }

        return failed;
    }

    /// <summary>From the start of the process to the first accepted token, and the memory after some requests.</summary>
    private async Task MeasureAsync(ApiProgram program)
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        string[] tokens = [.. Enumerable.Range(0, Tokens).Select(_ => server.IssueToken("read"))];

        long started = Stopwatch.GetTimestamp();
        await using ApiInstance api = await ApiInstance.StartAsync(program, server);
        Require(await api.GetAsync("/read", tokens[0]));
        _figures.Add($"{program.Name}/start", "ms", Stopwatch.GetElapsedTime(started).TotalMilliseconds);

        for (int i = 1; i < Requests; i++)
            Require(await api.GetAsync("/read", tokens[i % Tokens]));
        _figures.Add($"{program.Name}/memory", "bytes", api.ResidentMemory);
    }

    private static void Require(ReceivedResponse response)
    {
        if (response.Status != 200)
            throw new InvalidOperationException($"A good token received {response.Status}.");
    }
}

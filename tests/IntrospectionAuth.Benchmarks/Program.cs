using IntrospectionAuth.Benchmarks;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Flood;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Http;
using IntrospectionAuth.Benchmarks.Soak;

const string Folder = "artifacts/performance"; // from the root of the repository, where build/*.sh starts this program

Effort effort = args is [_, "quick", ..] ? Effort.Quick : Effort.Full;
switch (args)
{
    case ["measure", ..]:
        return await MeasureCommand.RunAsync(effort, Folder);
    case ["flood", ..]:
        return await FloodCommand.RunAsync(effort, Folder);
    case ["soak", .. string[] settings]:
        return await SoakCommand.RunAsync(settings, Folder);

    // What the others start as processes of their own.
    case ["serve", string contender]:
        return await ServeCommand.RunAsync(contender);
    case ["api", .. string[] settings]:
        return await ApiCommand.RunAsync(settings);

    default:
        Console.WriteLine("Start build/bench.sh, build/flood.sh or build/soak.sh.");
        return 2;
}

using IntrospectionAuth.Benchmarks;
using IntrospectionAuth.Benchmarks.Endurance;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Fleet;
using IntrospectionAuth.Benchmarks.Flood;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Http;
using IntrospectionAuth.Benchmarks.Native;
using IntrospectionAuth.Benchmarks.Report;
using IntrospectionAuth.Benchmarks.Soak;

const string Folder = "artifacts/performance"; // relative to the root of the repository, the working directory of build/*.sh

Effort effort = args is [_, "quick", ..] ? Effort.Quick : Effort.Full;
switch (args)
{
    case ["measure", ..]:
        await MeasureCommand.RunAsync(effort, Folder);
        ReportCommand.Run(Folder);
        return 0;
    case ["flood", ..]:
        int flooded = await FloodCommand.RunAsync(effort, Folder);
        ReportCommand.Run(Folder);
        return flooded;
    case ["soak", .. string[] settings]:
        int soaked = await SoakCommand.RunAsync(settings, Folder);
        ReportCommand.Run(Folder);
        return soaked;
    case ["fleet", "measure"]:
        await FleetMeasureCommand.RunAsync(Folder);
        ReportCommand.Run(Folder);
        return 0;
    case ["fleet", .. string[] settings]:
        int judged = await FleetCommand.RunAsync(settings, Folder);
        ReportCommand.Run(Folder);
        return judged;
    case ["endurance", .. string[] settings]:
        int endured = await EnduranceCommand.RunAsync(settings, Folder);
        ReportCommand.Run(Folder);
        return endured;
    case ["native", string native, string jit]:
        int accepted = await NativeCommand.RunAsync(native, jit, Folder);
        ReportCommand.Run(Folder);
        return accepted;
    case ["profile", string kind, string seconds]:
        await ProfileCommand.RunAsync(kind, int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["report"]:
        ReportCommand.Run(Folder);
        return 0;

    // Child processes of the other commands.
    case ["serve", string contender]:
        return await ServeCommand.RunAsync(contender);
    case ["api", .. string[] settings]:
        return await ApiCommand.RunAsync(settings);

    default:
        Console.WriteLine("Run build/bench.sh, build/flood.sh, build/soak.sh, build/fleet.sh, build/endurance.sh or build/aot.sh.");
        return 2;
}

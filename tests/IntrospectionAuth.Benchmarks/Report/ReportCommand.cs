using IntrospectionAuth.Benchmarks.Figures;

namespace IntrospectionAuth.Benchmarks.Report;

/// <summary>Writes the measured figures into the documentation.</summary>
internal static class ReportCommand
{
    private const string Page = "docs/performance.md",
        QualityPage = "docs/quality.md",
        Plots = "docs/performance";

    public static void Run(string folder)
    {
        var page = new PageSections(Page);
        if (FigureFiles.Load(folder, "measure") is { } measured)
        {
            page.Replace("measure", Circumstances(measured));
            page.Replace("budget", new BudgetTable(measured).Write());
            page.Replace("growth", GrowthTable.Write(measured));
            page.Replace("insertion", GrowthTable.WriteInsertion(measured));
            page.Replace("http", HttpTable.Write(measured));
            page.Replace("contenders", ContenderTable.Write(measured));
            page.Replace("response-times", ResponseTimeTable.Write(measured));
            page.Replace("allocated", AllocationTable.Write(measured));
            page.Replace("many-tokens", ManyTokensTable.Write(measured));
            new MeasurePlots(measured, Plots).Draw();
        }

        if (FigureFiles.Load(folder, "flood") is { } flood)
        {
            page.Replace("flood", Circumstances(flood) + "\n" + FloodTable.Write(flood));
            LoadPlots.DrawFlood(flood, Plots);
        }

        if (FigureFiles.Load(folder, "soak") is { } soak)
        {
            page.Replace("soak", Circumstances(soak) + "\n" + SoakTable.Write(soak));
            LoadPlots.DrawSoak(soak, Plots);
        }

        if (FigureFiles.Load(folder, "fleet") is { } fleetMeasured)
        {
            page.Replace("fleet", Circumstances(fleetMeasured) + "\n" + FleetTable.Write(fleetMeasured));
            LoadPlots.DrawRemovals(fleetMeasured, Plots);
        }

        if (FigureFiles.Load(folder, "fleet-soak") is { } fleet)
        {
            page.Replace("fleet-soak", Circumstances(fleet) + "\n" + FleetTable.WriteSoak(fleet));
            LoadPlots.DrawFleet(fleet, Plots);
        }

        page.Save();

        var quality = new PageSections(QualityPage);
        if (FigureFiles.Load(folder, "native") is { } native)
            quality.Replace("native", Circumstances(native) + "\n" + NativeTable.Write(native));
        if (FigureFiles.Load(folder, "endurance") is { } endurance)
            quality.Replace("endurance", Circumstances(endurance) + "\n" + EnduranceTable.Write(endurance));
        quality.Save();
    }

    private static string Circumstances(FigureSet figures)
    {
        string load = figures.Find("load") is { } loads
            ? $" Load average {Units.Ratio(loads.Lowest)} to {Units.Ratio(loads.Highest)}."
            : "";
        return $"{figures.Notes["date"]}, run: {figures.Notes["mode"]}; {figures.Notes["processor"]}, "
            + $"{figures.Notes["processors"]} processors; {figures.Notes["runtime"]}; {figures.Notes["system"]}.{load}\n";
    }
}

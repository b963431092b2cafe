using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.InProcess;

const string Folder = "artifacts/performance";

Effort effort = args.Contains("quick", StringComparer.Ordinal) ? Effort.Quick : Effort.Full;
var figures = new FigureSet();
Machine.Describe(figures, effort.Name);
await Rounds.RunAsync(effort, figures, Folder);
FigureFiles.Save(figures, Folder, "in-process");
return 0;

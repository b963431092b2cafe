// Every test starts real processes on real clocks: two fleets at a time slow each other down. The tests of engines mostly wait for one
// small process, so they run beside those of fleets.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 2)]

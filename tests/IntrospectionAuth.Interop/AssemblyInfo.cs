// Real processes on real clocks: beside each other they would only make each other slow.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

using Xunit;

// Virtual time goes on when nothing is left to do, in the pool's threads neither: another test's work would be taken for this one's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

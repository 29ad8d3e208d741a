using Xunit.Sdk;
using Xunit.v3;

// Virtual time goes on when nothing is left to do, in the pool's threads neither: another test's work would be taken for this one's.
[assembly: Parallelization(Mode = ParallelMode.None)]

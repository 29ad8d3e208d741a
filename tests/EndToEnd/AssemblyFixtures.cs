using System.Runtime.Versioning;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(SignedRepository))]

// Each test runs several daemons: side by side they would only be slower.
[assembly: Parallelization(Mode = ParallelMode.None)]

// apt is.
[assembly: SupportedOSPlatform("linux")]

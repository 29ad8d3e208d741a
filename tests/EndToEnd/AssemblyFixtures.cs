using System.Runtime.Versioning;
using AptP2P.EndToEnd;

[assembly: AssemblyFixture(typeof(SignedRepository))]

// Each test runs several daemons: side by side they would only be slower.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// apt is.
[assembly: SupportedOSPlatform("linux")]

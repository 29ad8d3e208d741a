using Xunit;

namespace AptP2P.Ports.Tests.Keeping;

/// <summary>Tests that hold the pool, which all share.</summary>
[CollectionDefinition(nameof(OneThread), DisableParallelization = true)]
public sealed class OneThread;

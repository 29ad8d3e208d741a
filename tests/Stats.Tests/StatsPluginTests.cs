using AptP2P.Testing.Conformance;

namespace AptP2P.Stats.Tests;

public sealed class StatsPluginTests : PluginConformance<StatsPlugin>;

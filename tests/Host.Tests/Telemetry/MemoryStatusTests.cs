using AptP2P.Host.Telemetry;
using AptP2P.Testing.Conformance;
using Xunit;

namespace AptP2P.Host.Tests.Telemetry;

public sealed class MemoryStatusTests : StatusSectionConformance
{
    protected override IStatusSection Section { get; } = new MemoryStatus();

    [Fact]
    public async Task Read_AfterACollection_HeapIsWithinWhatIsCommittedForIt()
    {
        GC.Collect();

        var items = await Section.ReadAsync(TestContext.Current.CancellationToken);
        var values = items.OfType<StatusValue>().ToDictionary(value => value.Key, value => value.Value);

        Assert.InRange(Assert.IsType<long>(values["heap"]), 1, Assert.IsType<long>(values["committed"]));
        Assert.InRange(Assert.IsType<long>(values["gaps"]), 0, (long)values["heap"]!);
        Assert.InRange(Assert.IsType<long>(values["resident"]), 1, long.MaxValue);
        Assert.InRange(Assert.IsType<int>(values["collections"]), 1, int.MaxValue);
    }
}

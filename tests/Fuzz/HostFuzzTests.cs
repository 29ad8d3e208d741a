using Xunit;

namespace AptP2P.Fuzz;

/// <summary>What the daemon itself reads of strangers. The classes of this project run side by side.</summary>
public sealed class HostFuzzTests(Instruments instruments) : FuzzTest(instruments)
{
    public static TheoryData<string> Targets => [.. Target.OfHost.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Corpus_EachInput_Holds(string target) => TryCorpus(target);

    [Theory]
    [MemberData(nameof(Targets))]
    public Task Fuzz_TenSeconds_FindsNothing(string target) => FuzzAsync(target);
}

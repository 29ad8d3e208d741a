using Xunit;

namespace AptP2P.Fuzz;

/// <summary>What the plugins read of strangers.</summary>
public sealed class PluginFuzzTests(Instruments instruments) : FuzzTest(instruments)
{
    public static TheoryData<string> Targets => [.. Target.OfPlugins.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Corpus_EachInput_Holds(string target) => TryCorpus(target);

    [Theory]
    [MemberData(nameof(Targets))]
    public Task Fuzz_TenSeconds_FindsNothing(string target) => FuzzAsync(target);
}

using AptP2P.Fuzz.Targets;
using Xunit;

namespace AptP2P.Fuzz;

/// <summary>The corpus is part of the repository: small, and complete.</summary>
public sealed class CorpusTests(Instruments instruments)
{
    private const int MaxInput = 4 << 10; // afl-fuzz is quick with small ones
    private const int MaxTotal = 300 << 10;

    [Fact]
    public void Folders_All_BelongToATarget() =>
        Assert.Equal(
            Target.All.Select(target => target.Name).Append("planted").Order(),
            Directory.GetDirectories(Instruments.Corpus).Select(Path.GetFileName).Order());

    [Fact]
    public void Files_All_AreSmall()
    {
        var lengths = Directory
            .GetFiles(Instruments.Corpus, "*", SearchOption.AllDirectories)
            .Select(file => new FileInfo(file).Length)
            .ToArray();

        Assert.All(lengths, length => Assert.InRange(length, 0, MaxInput));
        Assert.InRange(lengths.Sum(), 1, MaxTotal);
    }

    [Theory]
    [InlineData("planted-exception", "InvalidOperationException")]
    [InlineData("planted-end", "FailFast")]
    public async Task Fuzz_PlantedFault_IsFoundAndShown(string target, string how)
    {
        var (code, output) = await instruments.FuzzAsync(target, seconds: 10, execs: 50_000);

        Assert.Equal(1, code);
        Assert.Contains(how, output, StringComparison.Ordinal);
        Assert.Contains(Planted.Word, output, StringComparison.Ordinal);
    }
}

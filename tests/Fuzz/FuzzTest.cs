using Xunit;

[assembly: AssemblyFixture(typeof(AptP2P.Fuzz.Instruments))]

namespace AptP2P.Fuzz;

/// <summary>A target's corpus, tried here and now; and from there what afl-fuzz makes of it in ten seconds.</summary>
public abstract class FuzzTest(Instruments instruments)
{
    private const int Seconds = 10;
    private const int Execs = 200_000;

    protected static void TryCorpus(string name)
    {
        var target = Target.Find(name);
        var files = Directory.GetFiles(Path.Combine(Instruments.Corpus, name));

        Assert.All(files, file => target.Check(File.ReadAllBytes(file)));
    }

    protected async Task FuzzAsync(string name)
    {
        var (code, output) = await instruments.FuzzAsync(name, Seconds, Execs);

        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(code == 0, output);
    }
}

using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Catalog.Learning;

public sealed class LearningLogTests
{
    private static readonly ArchivePath Path = new("http", "deb.example", 80, "/InRelease");

    [Fact]
    public void Tell_TheSameAgain_IsSaidOnceUntilItWasRight()
    {
        var lines = new LogLines<LearningLog>();
        var log = new LearningLog(lines);
        var damaged = new LearnResult(LearnOutcome.Damaged, 0, "it is no Release");
        foreach (
            var result in (LearnResult[])
                [damaged, damaged, damaged with { Reason = "cut off" }, damaged, new(LearnOutcome.Learned, 3), damaged])
        {
            log.Tell(Path, result);
        }

        const string Line = "deb.example/InRelease was not learned (Damaged): ";
        Assert.Equal([Line + "it is no Release", Line + "cut off", Line + "it is no Release", Line + "it is no Release"], lines.Texts);
    }
}

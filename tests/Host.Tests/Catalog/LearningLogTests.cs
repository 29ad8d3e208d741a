using AptP2P.Host.Apt;
using AptP2P.Host.Catalog;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Host.Tests.Catalog;

public sealed class LearningLogTests : ILogger
{
    private static readonly ArchivePath Path = new("http", "deb.example", 80, "/InRelease");

    private readonly List<string> _lines = [];

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add(formatter(state, exception));

    [Fact]
    public void Tell_TheSameAgain_IsSaidOnceUntilItWasRight()
    {
        var log = new LearningLog(this);
        var damaged = new LearnResult(LearnOutcome.Damaged, 0, "it is no Release");
        foreach (var result in (LearnResult[])[damaged, damaged, damaged with { Reason = "cut off" }, damaged, new(LearnOutcome.Learned, 3), damaged])
        {
            log.Tell(Path, result);
        }

        const string Line = "deb.example/InRelease was not learned (Damaged): ";
        Assert.Equal([Line + "it is no Release", Line + "cut off", Line + "it is no Release", Line + "it is no Release"], _lines);
    }
}

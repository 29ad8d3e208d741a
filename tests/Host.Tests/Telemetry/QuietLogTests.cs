using AptP2P.Host.Telemetry;
using AptP2P.Testing;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Host.Tests.Telemetry;

public sealed partial class QuietLogTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly LinesWritten _lines = new();
    private readonly QuietLog _log;
    private readonly ILogger _logger;

    public QuietLogTests()
    {
        _log = new QuietLog(_lines, _time);
        _logger = _log.CreateLogger("AptP2P.Host.Something");
    }

    public void Dispose()
    {
        _log.Dispose();
        _lines.Dispose();
    }

    [Fact]
    public void Log_SameFailureManyTimes_IsSaidAtOnceAndThenOncePerMinuteWithTheirNumber()
    {
        for (var i = 1; i <= 90; i++)
        {
            LogFailed(_logger, "mirror.example.org", $"/{i}.deb");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["mirror.example.org/1.deb failed", "mirror.example.org/60.deb failed (59 times in a minute)"], _lines);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("mirror.example.org/90.deb failed (30 times in a minute)", _lines[2]);
        _time.Advance(TimeSpan.FromMinutes(2));
        LogFailed(_logger, "mirror.example.org", "/91.deb");
        Assert.Equal(["mirror.example.org/91.deb failed"], _lines.Skip(3));
    }

    [Fact]
    public void Log_OneMoreInTheMinute_IsSaidAtItsEndAsItIs()
    {
        LogFailed(_logger, "mirror.example.org", "/1.deb");
        LogFailed(_logger, "mirror.example.org", "/2.deb");
        _time.Advance(QuietLog.Pause);

        Assert.Equal(["mirror.example.org/1.deb failed", "mirror.example.org/2.deb failed"], _lines);
    }

    [Fact]
    public void Log_OtherOriginOrOtherEvent_IsSaidAtOnce()
    {
        LogFailed(_logger, "one.example.org", "/1.deb");
        LogFailed(_logger, "two.example.org", "/1.deb");
        LogHelps(_logger, "one.example.org");

        Assert.Equal(["one.example.org/1.deb failed", "two.example.org/1.deb failed", "one.example.org helps"], _lines);
    }

    [Fact]
    public void Log_LineThatNamesNoOrigin_IsLimitedWhenItIsAWarningOnly()
    {
        for (var i = 0; i < 3; i++)
        {
            LogFileDamaged(_logger, $"file{i}");
            LogRun(_logger, "192.0.2.1");
            LogHelps(_logger, "one.example.org"); // of an origin: limited at any level
        }

        Assert.Equal(["file0 is damaged", "192.0.2.1 is done", "one.example.org helps", "192.0.2.1 is done", "192.0.2.1 is done"], _lines);
    }

    [Fact]
    public void Log_LibrarysLine_IsOfOneKindWhateverItNames()
    {
        var library = _log.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
        LogFailed(library, "0HN1", "");
        LogFailed(library, "0HN2", "");

        Assert.Equal(["0HN1 failed"], _lines);
    }

    [Fact]
    public void Log_MoreOriginsThanAreRemembered_AreOneKind()
    {
        for (var i = 0; i < QuietLog.MaxKinds + 100; i++)
        {
            LogFailed(_logger, $"{i}.example.org", "");
        }

        Assert.Equal(QuietLog.MaxKinds + 1, _lines.Count);
        _time.Advance(QuietLog.Pause);
        Assert.Equal("1099.example.org failed (99 times in a minute)", _lines[^1]);
    }

    [Fact]
    public void Log_WhatTheWorldDid_HasNoTrace()
    {
        var outside = new InvalidOperationException("our own words", new IOException("Connection reset\nby peer"));
        LogThrew(_logger, outside);
        LogThrew(_log.CreateLogger("AptP2P.Other"), new InvalidOperationException("a bug"));

        Assert.Equal(["it threw: Connection reset by peer", "it threw System.InvalidOperationException: a bug"], _lines);
    }

    [Fact]
    public void Log_KestrelsRemarkThatAnAnswerWasShort_IsLeftOut()
    {
        var kestrel = _log.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
        LogApplicationError(kestrel, new InvalidOperationException("too few bytes written")); // made, never thrown
        try
        {
            throw new InvalidOperationException("a bug");
        }
        catch (InvalidOperationException bug)
        {
            LogApplicationError(kestrel, bug);
        }

        Assert.StartsWith(
            "an unhandled exception System.InvalidOperationException: a bug    at ", Assert.Single(_lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_WordsOfStrangers_AreOneLineOfPrintableLetters()
    {
        LogFailed(_logger, "mirror.example.org\n12:00:00 warn: forged", "/\u001b[2J\u009b1m\u202egnp.exe\u2028\ud800\u00e9");
        LogThrew(_logger, new InvalidOperationException("one\r\ntwo\u001b[31m"));

        Assert.Equal(
            [
                "mirror.example.org\ufffd12:00:00 warn: forged/\ufffd[2J\ufffd1m\ufffdgnp.exe\ufffd\ufffd\u00e9 failed",
                "it threw System.InvalidOperationException: one two\ufffd[31m",
            ],
            _lines);
    }

    [Fact]
    public void Dispose_SomethingHeldBack_SaysIt()
    {
        LogFailed(_logger, "mirror.example.org", "/1.deb");
        LogFailed(_logger, "mirror.example.org", "/2.deb");
        LogFailed(_logger, "mirror.example.org", "/3.deb");
        _log.Dispose();

        Assert.Equal("mirror.example.org/3.deb failed (2 times in a minute)", _lines[^1]);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Host}{Path} failed")]
    private static partial void LogFailed(ILogger logger, string host, string path);

    [LoggerMessage(2, LogLevel.Information, "{Origin} helps")]
    private static partial void LogHelps(ILogger logger, string origin);

    [LoggerMessage(3, LogLevel.Warning, "{Path} is damaged")]
    private static partial void LogFileDamaged(ILogger logger, string path);

    [LoggerMessage(4, LogLevel.Information, "{Client} is done")]
    private static partial void LogRun(ILogger logger, string client);

    [LoggerMessage(5, LogLevel.Error, "it threw")]
    private static partial void LogThrew(ILogger logger, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "an unhandled exception")]
    private static partial void LogApplicationError(ILogger logger, Exception exception);

    private sealed class LinesWritten : List<string>, ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true; // as the console: levels are sorted out before

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Null(exception); // it would be written as it is
            Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}

using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using AptP2P.Shared;

namespace AptP2P.Host.Telemetry;

/// <summary>The logger of one category: finds what a line is about, and says in a few words what the world did.</summary>
internal sealed class QuietLogger(QuietLog log, ILogger output, string category) : ILogger
{
    /// <summary>Parameters whose values differ from line to line: one file of many, or how it went.</summary>
    private static readonly string[] NoSubject = ["Hash", "Path", "File", "Reason", "Outcome", "Count", "{OriginalFormat}"];

    private readonly bool _isOurs = category.StartsWith("AptP2P.", StringComparison.Ordinal);

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => output.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => output.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || IsShortAnswer(eventId, exception))
        {
            return;
        }

        var text = formatter(state, exception);
        text =
            exception is null ? text
            : Find(exception) is { } reason ? $"{text}: {reason}"
            : $"{text} {exception}".ReplaceLineEndings(" ");
        var line = new QuietLog.Line(output, logLevel, eventId, Printable.Of(text)); // much of it is the words of strangers
        if (SubjectOf(state as IReadOnlyList<KeyValuePair<string, object?>> ?? [], logLevel) is not { } subject
            || log.MayPass(new QuietLog.Kind(category, eventId.Id, subject), line))
        {
            line.Write();
        }
    }

    /// <summary>
    /// Kestrel's remark that an answer ended before its length (ApplicationError; nobody has thrown the exception). It takes that for a
    /// fault, and it is how a client is told that the file is not whole (docs/how-it-works.md). Who ended it has said why.
    /// </summary>
    private bool IsShortAnswer(EventId eventId, Exception? exception) =>
        category == "Microsoft.AspNetCore.Server.Kestrel"
        && eventId.Id == 13
        && exception is InvalidOperationException { StackTrace: null };

    /// <summary>What a line is about; nothing when it is to be written in any case.</summary>
    private string? SubjectOf(IReadOnlyList<KeyValuePair<string, object?>> parameters, LogLevel level) => (level, _isOurs) switch
    {
        ( >= LogLevel.Warning, false) => "", // a library's parameters are its connections and times
        ( >= LogLevel.Warning, true) => parameters.FirstOrDefault(parameter => !NoSubject.Contains(parameter.Key)).Value?.ToString() ?? "",
        (LogLevel.Information, true) => parameters.FirstOrDefault(parameter => parameter.Key is "Origin" or "Host").Value?.ToString(),
        _ => null,
    };

    /// <summary>
    /// What went wrong outside of this program, in its own words. A fault of the program itself has nothing to say without its trace.
    /// </summary>
    private static string? Find(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is IOException or SocketException or HttpRequestException or AuthenticationException or OperationCanceledException
                or TimeoutException or UnauthorizedAccessException or DbException)
            {
                return exception.GetBaseException().Message.ReplaceLineEndings(" ");
            }
        }

        return null;
    }
}

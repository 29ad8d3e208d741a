using Microsoft.Extensions.Logging;

namespace AptP2P.Testing;

/// <summary>A logger that keeps what it is told, from whatever thread.</summary>
public sealed class LogLines<T> : ILogger<T>
{
    private readonly Lock _lock = new();
    private readonly List<(LogLevel Level, int Id, string Text)> _lines = [];

    /// <summary>The lines until now, with their levels and event ids.</summary>
    public IReadOnlyList<(LogLevel Level, int Id, string Text)> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public IReadOnlyList<string> Texts => [.. All.Select(line => line.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            _lines.Add((logLevel, eventId.Id, formatter(state, exception)));
        }
    }
}

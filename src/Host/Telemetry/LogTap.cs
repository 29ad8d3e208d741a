namespace AptP2P.Host.Telemetry;

/// <summary>
/// Gives each line of the log to one more reader, while there is one. It gets what the journal gets: repeated failures are counted
/// already, and strangers' words are printable.
/// </summary>
internal sealed class LogTap
{
    private volatile ILoggerFactory? _reader;

    /// <summary>Who gets the lines from now on.</summary>
    public ILoggerFactory? Reader { get => _reader; set => _reader = value; }

    /// <summary>Puts the tap behind a provider.</summary>
    public ILoggerProvider On(ILoggerProvider provider) => new Provider(provider, this);

    /// <summary>Does not dispose of what it stands behind.</summary>
    private sealed class Provider(ILoggerProvider first, LogTap tap) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(first.CreateLogger(categoryName), tap, categoryName);

        public void Dispose()
        {
        }
    }

    private sealed class Logger(ILogger first, LogTap tap, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => first.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => first.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            first.Log(logLevel, eventId, state, exception, formatter);
            tap.Reader?.CreateLogger(category).Log(logLevel, eventId, state, exception, formatter);
        }
    }
}

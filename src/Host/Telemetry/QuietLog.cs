namespace AptP2P.Host.Telemetry;

/// <summary>
/// Every line of the log passes here. A failure is said at once, and while it lasts, once a minute with its count. So a mirror
/// that is down for a night, or a client that asks for nonsense without end, does not fill the journal; and whoever logs need not think of
/// that.
/// </summary>
/// <remarks>
/// Lines are of one kind when they are the same event about the same subject: the first of a message's parameters that does not name a
/// single file, such as the origin. Warnings and errors are limited, and what is said of an origin below that; other lines tell of a change
/// and pass.
/// </remarks>
internal sealed class QuietLog : ILoggerProvider
{
    /// <summary>How long a kind of line is not repeated.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Kinds that are remembered. Strangers choose the names of origins; beyond this, all subjects of an event are one.</summary>
    public const int MaxKinds = 1_000;

    private readonly ILoggerProvider _output;
    private readonly TimeProvider _time;
    private readonly Dictionary<Kind, Repeats> _recent = [];
    private readonly Queue<Repeats> _byEnd = new(); // all pauses are equally long
    private readonly ITimer _timer;
    private readonly Lock _lock = new();

    /// <param name="output">Where lines go. Not disposed here.</param>
    /// <param name="time">The clock.</param>
    public QuietLog(ILoggerProvider output, TimeProvider time)
    {
        (_output, _time) = (output, time);
        _timer = time.CreateTimer(_ => TellRepeats(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ILogger CreateLogger(string categoryName) => new QuietLogger(this, _output.CreateLogger(categoryName), categoryName);

    /// <summary>Says what was held back.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Repeats[] held;
        lock (_lock)
        {
            held = [.. _byEnd];
            _byEnd.Clear();
            _recent.Clear();
        }

        foreach (var repeats in held)
        {
            repeats.Tell();
        }
    }

    /// <summary>Whether a line may be written now. If not, it is counted.</summary>
    internal bool MayPass(Kind kind, Line line)
    {
        lock (_lock)
        {
            kind = _recent.Count < MaxKinds || _recent.ContainsKey(kind) ? kind : kind with { Subject = "" };
            if (_recent.TryGetValue(kind, out var repeats))
            {
                repeats.Add(line);
                return false;
            }

            Remember(new Repeats(kind));
            return true;
        }
    }

    private void Remember(Repeats repeats)
    {
        repeats.End = _time.GetUtcNow() + Pause;
        _recent[repeats.Kind] = repeats;
        _byEnd.Enqueue(repeats);
        if (_byEnd.Count == 1)
        {
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void TellRepeats()
    {
        var due = new List<Repeats>();
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            while (_byEnd.TryPeek(out var next) && next.End <= now)
            {
                _recent.Remove(next.Kind);
                due.Add(_byEnd.Dequeue());
            }

            foreach (var repeats in due.Where(repeats => repeats.Count > 0))
            {
                Remember(new Repeats(repeats.Kind)); // it is told below, and that begins a pause
            }

            if (_byEnd.TryPeek(out var first))
            {
                _timer.Change(first.End - now, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var repeats in due)
        {
            repeats.Tell();
        }
    }

    /// <summary>What makes two lines the same.</summary>
    internal readonly record struct Kind(string Category, int Event, string Subject);

    /// <summary>A line as it would be written.</summary>
    internal readonly record struct Line(ILogger Output, LogLevel Level, EventId Event, string Text)
    {
        public void Write() => Output.Log(Level, Event, Text, exception: null, static (text, _) => text);
    }

    /// <summary>What has come of a kind in its pause.</summary>
    private sealed class Repeats(Kind kind)
    {
        private Line _last;

        public Kind Kind => kind;

        public int Count { get; private set; }

        public DateTimeOffset End { get; set; }

        public void Add(Line line) => (_last, Count) = (line, Count + 1);

        public void Tell()
        {
            if (Count > 0)
            {
                (
                    Count == 1 ? _last : _last with { Text = FormattableString.Invariant($"{_last.Text} ({Count} times in a minute)") }
                ).Write();
            }
        }
    }
}

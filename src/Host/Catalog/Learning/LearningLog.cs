using System.Collections.Concurrent;
using AptP2P.Host.Apt.Paths;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>Says once what was wrong with a file: each update of each client brings it again, and apt says it too.</summary>
internal sealed partial class LearningLog(ILogger logger)
{
    private const int MaxSaid = 1_000; // origins choose what is wrong

    private readonly ConcurrentDictionary<ArchivePath, string> _said = new();

    public void Tell(ArchivePath path, LearnResult result)
    {
        if (result.Reason is not { } reason)
        {
            _said.TryRemove(path, out _);
            return;
        }

        if (_said.GetValueOrDefault(path) == reason)
        {
            return;
        }

        if (_said.Count >= MaxSaid)
        {
            _said.Clear();
        }

        _said[path] = reason;
        LogNotLearned(path.Host, path.Path, result.Outcome, reason);
    }

    [LoggerMessage(1302, LogLevel.Warning, "{Host}{Path} was not learned ({Outcome}): {Reason}")]
    private partial void LogNotLearned(string host, string path, LearnOutcome outcome, string reason);
}

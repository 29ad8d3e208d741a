using System.Threading.Channels;

namespace AptP2P.Host.Catalog.Refresh;

/// <summary>
/// What is to be asked of archives: of each one thing after the other, of several at the same time, so that one that answers slowly keeps
/// only its own files waiting.
/// </summary>
/// <typeparam name="T">What is to be done.</typeparam>
internal sealed class RefreshQueue<T>
{
    /// <summary>Archives that are asked at a time. More need as many at once that are slow; each takes a connection.</summary>
    public const int MaxArchives = 8;

    /// <summary>
    /// apt asks for all packages of an installation at once; they miss the same few suites. What does not fit will be asked for again.
    /// </summary>
    public const int MaxPerArchive = 16;

    /// <summary>Of all archives. Stops a client that invents archives from filling memory.</summary>
    public const int MaxWaiting = 256;

    private readonly Dictionary<string, Queue<T>> _archives = [];
    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>(); // each archive at most once, so MaxWaiting bounds it
    private readonly Lock _lock = new();
    private int _waiting;

    /// <returns>Whether there was room.</returns>
    public bool TryAdd(string archive, T work)
    {
        lock (_lock)
        {
            if (_waiting >= MaxWaiting || (_archives.TryGetValue(archive, out var queue) && queue.Count >= MaxPerArchive))
            {
                return false;
            }

            if (queue is null)
            {
                _archives[archive] = queue = new Queue<T>();
                _ready.Writer.TryWrite(archive);
            }

            queue.Enqueue(work);
            _waiting++;
            return true;
        }
    }

    /// <summary>Does what is added, until it is told to stop.</summary>
    public Task RunAsync(Func<T, CancellationToken, Task> work, CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, MaxArchives).Select(_ => WorkAsync(work, stopping)));

    private async Task WorkAsync(Func<T, CancellationToken, Task> work, CancellationToken stopping)
    {
        await foreach (var archive in _ready.Reader.ReadAllAsync(stopping))
        {
            await work(Next(archive), stopping);
            Pass(archive);
        }
    }

    private T Next(string archive)
    {
        lock (_lock)
        {
            _waiting--;
            return _archives[archive].Dequeue();
        }
    }

    /// <summary>The other archives have their turn before this one's next.</summary>
    private void Pass(string archive)
    {
        lock (_lock)
        {
            if (_archives[archive].Count > 0)
            {
                _ready.Writer.TryWrite(archive);
            }
            else
            {
                _archives.Remove(archive);
            }
        }
    }
}

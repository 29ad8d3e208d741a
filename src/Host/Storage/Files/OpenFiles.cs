using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Storage.Files;

/// <summary>
/// Files of the store that were read lately and stay open for a while: opening, locking and touching a file costs as much as sending a
/// small package. A handle reads at any offset, so all who want a file share one.
/// </summary>
internal sealed class OpenFiles(TimeProvider time) : IDisposable
{
    private const int MaxOpen = 128; // handles; a daemon has 1,024 by default, and most are for sockets

    // After this time it is noticed that a file was deleted by hand, and its use is noted again.
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ContentHash, OpenFile> _files = [];
    private readonly Queue<OpenFile> _order = new();
    private readonly Lock _lock = new();

    /// <summary>An open file, counted for the caller, who disposes it.</summary>
    public OpenFile? TryShare(ContentHash hash)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(hash, out var file))
            {
                return null;
            }

            if (time.GetElapsedTime(file.OpenedAt) < MaxAge)
            {
                file.Count();
                return file;
            }

            Forget(file);
            return null;
        }
    }

    /// <summary>Keeps a file open for others. The caller has it too.</summary>
    public OpenFile Share(ContentHash hash, SafeFileHandle handle, PieceList? pieces)
    {
        var file = new OpenFile(hash, handle, pieces, time.GetTimestamp());
        lock (_lock)
        {
            if (_files.TryAdd(hash, file))
            {
                file.Count();
                _order.Enqueue(file);
            }

            while (_order.Count > MaxOpen)
            {
                Forget(_order.Dequeue());
            }
        }

        return file;
    }

    /// <summary>Keeps it open no longer. Those who read it can continue.</summary>
    public void Forget(ContentHash hash)
    {
        lock (_lock)
        {
            if (_files.TryGetValue(hash, out var file))
            {
                Forget(file);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var file in _files.Values.ToList())
            {
                Forget(file);
            }
        }
    }

    private void Forget(OpenFile file)
    {
        if (_files.TryGetValue(file.Hash, out var kept) && kept == file)
        {
            _files.Remove(file.Hash);
            file.Dispose();
        }
    }
}

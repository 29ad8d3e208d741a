namespace AptP2P.Host.Daemon;

/// <summary>
/// Makes the state folder this daemon's own until the process ends, whatever ends it: two daemons would write into each other's files. The
/// kernel keeps the lock (flock(2)), so that a file that was left behind locks nothing.
/// </summary>
internal static class StateLock
{
    private const int WouldBlock = 11; // EWOULDBLOCK

    /// <returns>To be kept open; nothing, and one problem more, when the folder cannot be used.</returns>
    public static FileStream? TryTake(NodeOptions node, ICollection<string> problems)
    {
        try
        {
            Directory.CreateDirectory(node.StateFolder);
            return new FileStream(Path.Combine(node.StateFolder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            problems.Add($"[{NodeOptions.Section}] State: {node.StateFolder} is used by another daemon; give each a folder of its own");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"[{NodeOptions.Section}] State: {node.StateFolder} cannot be written: {e.Message}");
        }

        return null;
    }
}

namespace AptP2P.Host.Daemon;

/// <summary>
/// Locks the state folder for this daemon until the process ends, however it ends: two daemons would write into each other's files. The
/// kernel holds the lock (flock(2)), so a lock file that was left behind locks nothing.
/// </summary>
internal static class StateLock
{
    private const int WouldBlock = 11; // EWOULDBLOCK

    /// <returns>The lock, to be kept open. When the folder cannot be used: nothing, and one problem more.</returns>
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

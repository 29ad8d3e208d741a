using System.Runtime.InteropServices;

namespace AptP2P.Host.Daemon;

/// <summary>What is installed here, and packages of private archives, are nobody else's business on this machine.</summary>
internal static partial class OwnerOnly
{
    private const uint Others = 0b000_111_111;

    /// <summary>
    /// All that this process makes from now on is for its user alone. Under a service manager that is its unit's to say. A state folder
    /// that is there already keeps what its owner gave it, but for the one that only an earlier run can have made.
    /// </summary>
    public static void Apply(NodeOptions node, ICollection<string> problems)
    {
        if (NodeOptions.IsStateOfServiceManager)
        {
            return;
        }

        _ = SetUserMask(Others);
        try
        {
            if (node.State.Length == 0 && Directory.Exists(node.StateFolder))
            {
                File.SetUnixFileMode(node.StateFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(
                $"[{NodeOptions.Section}] State: {node.StateFolder} belongs to somebody else, and must not be readable for others: "
                + $"{e.Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetUserMask(uint mask);
}

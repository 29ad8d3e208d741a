using System.Runtime.InteropServices;

namespace AptP2P.Host.Daemon;

/// <summary>Keeps other users of this machine from reading what is installed here, and packages of private archives.</summary>
internal static partial class OwnerOnly
{
    private const uint Others = 0b000_111_111;

    /// <summary>
    /// Makes all files that this process creates from now on readable for its user alone. Under a service manager, its unit decides that. A
    /// state folder that is there already keeps its permissions, except the default one, which only an earlier run can have made.
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

namespace AptP2P.Testing;

/// <summary>What a disk does to a file.</summary>
public static class Rot
{
    /// <summary>Changes a byte, by default one in the middle, and nothing else tells of it. Twice is as it was.</summary>
    public static void Flip(string path, long? at = null)
    {
        var written = File.GetLastWriteTimeUtc(path);
        using (var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = at ?? file.Length / 2;
            var value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 1));
        }

        File.SetLastWriteTimeUtc(path, written);
    }
}

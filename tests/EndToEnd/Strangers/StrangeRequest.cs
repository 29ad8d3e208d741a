using System.Text;

namespace AptP2P.EndToEnd.Strangers;

/// <summary>Something that is sent to a daemon, over a connection of its own.</summary>
/// <param name="What">Its kind.</param>
/// <param name="Bytes">As they go.</param>
/// <param name="Parting">What the caller does then.</param>
/// <param name="Package">What it is answered with, if it is answered with a file.</param>
internal sealed record StrangeRequest(string What, byte[] Bytes, Parting Parting, RepositoryPackage? Package = null)
{
    private const int Shown = 300;

    public override string ToString()
    {
        var begin = Encoding.Latin1.GetString(Bytes[..Math.Min(Bytes.Length, Shown)]).ReplaceLineEndings("\\n");
        return $"{What}, {Parting}: {begin} ({Bytes.Length} bytes)";
    }
}

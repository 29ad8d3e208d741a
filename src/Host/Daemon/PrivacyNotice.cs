namespace AptP2P.Host.Daemon;

/// <summary>
/// Says once, at the first start, who can see what this machine downloads; and again when more can than it has said. A file of the state
/// folder remembers that.
/// </summary>
internal static class PrivacyNotice
{
    private const string Marker = "told";

    public static void Write(TextWriter output, NodeOptions node, PeerReach reach)
    {
        var file = Path.Combine(node.StateFolder, Marker);
        if (reach > Told(file))
        {
            var who = reach == PeerReach.World ? "its network and anybody on the Internet" : "its own network";
            output.WriteLine(
                $"Who can see what this machine downloads with apt: {who}. [Sharing] Reach={Narrower(reach)} changes that; "
                + "docs/privacy.md says who sees what.");
            Remember(file, reach);
        }
    }

    private static string Narrower(PeerReach reach) => reach == PeerReach.World ? "lan or Reach=off" : "off";

    private static PeerReach Told(string file)
    {
        try
        {
            return Enum.TryParse<PeerReach>(File.ReadAllText(file), ignoreCase: true, out var told) ? told : PeerReach.Off;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return PeerReach.Off;
        }
    }

    private static void Remember(string file, PeerReach reach)
    {
        try
        {
            File.WriteAllText(file, reach.ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is said again at the next start.
        }
    }
}

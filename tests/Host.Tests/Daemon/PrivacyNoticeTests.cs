using AptP2P.Host.Daemon;
using Xunit;

namespace AptP2P.Host.Tests.Daemon;

public sealed class PrivacyNoticeTests : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("notice");

    public void Dispose() => _state.Delete(recursive: true);

    [Fact]
    public void Write_FirstStart_IsOneLineThatSaysWhoSeesWhatAndWhatChangesThat()
    {
        var line = Assert.Single(Write(PeerReach.World));

        Assert.Contains("anybody on the Internet", line, StringComparison.Ordinal);
        Assert.Contains("[Sharing] Reach=lan or Reach=off", line, StringComparison.Ordinal);
        Assert.Contains("docs/privacy.md", line, StringComparison.Ordinal);
        Assert.Empty(Write(PeerReach.World));
        Assert.Empty(Write(PeerReach.Lan));
    }

    [Fact]
    public void Write_MoreCanSeeThanWasSaid_IsSaidAgain()
    {
        Assert.Empty(Write(PeerReach.Off));
        Assert.DoesNotContain("Internet", Assert.Single(Write(PeerReach.Lan)), StringComparison.Ordinal);
        Assert.Single(Write(PeerReach.World));
        Assert.Empty(Write(PeerReach.World));
    }

    [Fact]
    public void Write_CannotBeRemembered_IsSaidAgain()
    {
        _state.CreateSubdirectory("told"); // where the file would be

        Assert.Single(Write(PeerReach.World));
        Assert.Single(Write(PeerReach.World));
    }

    private string[] Write(PeerReach reach)
    {
        using var output = new StringWriter();
        PrivacyNotice.Write(output, new NodeOptions { State = _state.FullName }, reach);
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

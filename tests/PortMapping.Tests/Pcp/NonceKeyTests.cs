using System.Net;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Pcp;
using Xunit;

namespace AptP2P.Ports.Tests.Pcp;

public sealed class NonceKeyTests : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("ports");

    [Fact]
    public void Nonce_AfterARestart_IsTheSame() => Assert.Equal(Nonce(_state.FullName), Nonce(_state.FullName));

    [Fact]
    public void Nonce_OfAnotherMappingOrNode_IsAnother()
    {
        var key = new NonceKey(_state.FullName);
        var (router, own) = (IPAddress.Parse("192.168.1.1"), IPAddress.Parse("192.168.1.5"));

        Assert.NotEqual(key.Nonce(router, own, Transport.Tcp, 9977), key.Nonce(router, own, Transport.Udp, 9977));
        Assert.NotEqual(key.Nonce(router, own, Transport.Tcp, 9977), key.Nonce(router, own, Transport.Tcp, 9978));
        Assert.NotEqual(Nonce(_state.FullName), Nonce(_state.CreateSubdirectory("other").FullName));
    }

    [Fact]
    public void Nonce_FileOfAnotherLengthOrNoFolder_HoldsForTheRun()
    {
        File.WriteAllText(Path.Combine(_state.FullName, "pcp.key"), "short");

        Assert.Equal(PcpRequest.NonceLength, Nonce(_state.FullName).Length);
        Assert.Equal(Nonce(_state.FullName), Nonce(_state.FullName)); // written anew
        Assert.Equal(PcpRequest.NonceLength, Nonce("/proc/none").Length);
    }

    [Fact]
    public void File_Always_IsForTheUserAlone()
    {
        Nonce(_state.FullName);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_state.FullName, "pcp.key")));
    }

    public void Dispose() => _state.Delete(recursive: true);

    private static byte[] Nonce(string folder) =>
        new NonceKey(folder).Nonce(IPAddress.Parse("192.168.1.1"), IPAddress.Parse("192.168.1.5"), Transport.Tcp, 9977);
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Mirror.Tests;

public sealed class MirrorRedirectTests : IAsyncDisposable
{
    private readonly MirrorFixture _fixture = new("127.21.4.1");

    [Fact]
    public async Task Read_AgainAfterARedirect_GoesThereDirectly()
    {
        _fixture.Server.Script(Answer.Redirect("/b"));
        await using var channel = await _fixture.OpenAsync();

        await ReadAsync(channel);
        await ReadAsync(channel);

        Assert.Equal(["/pool/a.deb", "/b", "/b"], _fixture.Server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task Read_ThereItFails_StartsAtTheOriginAgain()
    {
        _fixture.Server.Script(Answer.Redirect("/b"), Answer.Error(503));
        await using var channel = await _fixture.OpenAsync();

        Assert.Equal(ChannelOutcome.Busy, (await ReadAsync(channel)).Outcome);
        Assert.Equal(ChannelResult.Complete, await ReadAsync(channel));
        Assert.Equal(["/pool/a.deb", "/b", "/pool/a.deb"], _fixture.Server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task Read_RedirectedToWhereThisClientMayNot_Refused()
    {
        _fixture.Connector.Refused.Add("127.21.4.9");
        _fixture.Server.Script(Answer.Redirect("http://127.21.4.9/latest/meta-data"));
        await using var channel = await _fixture.OpenAsync();

        Assert.Equal(ChannelOutcome.Refused, (await ReadAsync(channel)).Outcome);
    }

    [Fact]
    public async Task Read_Https_Complete()
    {
        using var certificate = MakeCertificate();
        await using var fixture = new MirrorFixture("127.21.4.2", certificate);
        await using var channel = await fixture.OpenAsync();

        Assert.Equal(ChannelResult.Complete, await ReadAsync(channel));
    }

    [Fact]
    public async Task Read_HttpsWithAStrangersCertificate_Refused()
    {
        using var certificate = MakeCertificate();
        await using var server = FaultyServer.Start("127.21.4.3", default, certificate);
        await using var channel = await _fixture.OpenAsync(server.Origin("/a"));

        Assert.Equal(ChannelOutcome.Refused, (await ReadAsync(channel)).Outcome);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Read_ThereItsTimeIsOver_StartsAtTheOriginInTheSameRead()
    {
        _fixture.Server.Script(Answer.Redirect("/token/1"), Answer.Right, Answer.Error(403), Answer.Redirect("/token/2"));
        await using var channel = await _fixture.OpenAsync();

        await ReadAsync(channel);
        Assert.Equal(ChannelResult.Complete, await ReadAsync(channel));
        Assert.Equal(
            ["/pool/a.deb", "/token/1", "/token/1", "/pool/a.deb", "/token/2"], _fixture.Server.Requests.Select(request => request.Target));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static Task<ChannelResult> ReadAsync(IChannel channel) =>
        channel.ReadAsync(new ByteRange(0, MirrorFixture.Length), new InMemorySink(), MirrorFixture.Cancellation);

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=mirror.example", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

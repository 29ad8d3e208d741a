using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Mirror.Tests;

public sealed class MirrorRedirectTests : IAsyncDisposable
{
    private readonly MirrorFixture _fixture = new("127.21.4.1");

    [Theory]
    [InlineData("/x/g%2b+~.deb", "/x/g%2b+~.deb")]
    [InlineData("c.deb", "/pool/c.deb")]
    [InlineData("../c.deb?a=b", "/c.deb?a=b")]
    [InlineData("/x#part", "/x")]
    [InlineData("/with space", "/with%20space")]
    [InlineData("//127.21.4.1:PORT/z", "/z")]
    [InlineData("http://127.21.4.1:PORT/y%2F./z", "/y%2F./z")]
    public async Task Read_Redirected_AsksThere(string location, string target)
    {
        var port = _fixture.Server.EndPoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _fixture.Server.Script(Answer.Redirect(location.Replace("PORT", port, StringComparison.Ordinal)));
        await using var channel = await _fixture.OpenAsync();

        Assert.Equal(ChannelResult.Complete, await ReadAsync(channel));
        Assert.Equal(["/pool/a.deb", target], _fixture.Server.Requests.Select(request => request.Target));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Read_RedirectedByAnyStatus_Complete(int status)
    {
        _fixture.Server.Script(Answer.Redirect("/b", status));
        await using var channel = await _fixture.OpenAsync();

        Assert.Equal(ChannelResult.Complete, await ReadAsync(channel));
    }

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
    public async Task Read_RedirectedForEver_ProtocolAfterTheLimit()
    {
        _fixture.Server.Otherwise = _ => Answer.Redirect("/again");
        await using var channel = await _fixture.OpenAsync();

        Assert.Equal(ChannelOutcome.Protocol, (await ReadAsync(channel)).Outcome);
        Assert.Equal(1 + _fixture.Options.MaxRedirects, _fixture.Server.Requests.Count);
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
    public async Task Read_RedirectedFromHttpsToHttp_Refused()
    {
        using var certificate = MakeCertificate();
        await using var fixture = new MirrorFixture("127.21.4.4", certificate);
        fixture.Server.Script(Answer.Redirect(_fixture.Server.Url("/a")));
        await using var channel = await fixture.OpenAsync();

        Assert.Equal(ChannelOutcome.Refused, (await ReadAsync(channel)).Outcome);
        Assert.Empty(_fixture.Server.Requests);
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

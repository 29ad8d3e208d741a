using System.Net;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Http;

public sealed class FailoverClientTests : IAsyncLifetime
{
    private readonly FaultyServer _first = FaultyServer.Start("127.37.1.1", new byte[] { 1 });
    private readonly FaultyServer _second = FaultyServer.Start("127.37.1.2", new byte[] { 2 });
    private readonly DirectClient _client = new(new DirectConnector());
    private readonly VirtualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task Get_TheFirstIsSilent_TheSecondIsAskedAfterFiveSeconds()
    {
        _first.Script(Answer.StallBeforeHeaders());
        var options = Options.Create(
            new FailoverOptions { Mirrors = [MirrorGroup.Parse($"{_first.EndPoint}/debian {_second.EndPoint}/pub", null)] });
        var memory = new OriginHealth(options, _time);
        var reader = new FailoverClient(_client, new MirrorList(options, memory), options, _time);

        var asking = reader.GetAsync(_first.Origin("/debian/dists/stable/InRelease"), Cancellation);
        await _first.StalledAsync(Cancellation);
        _time.Advance(options.Value.FirstByte);

        using var response = await asking;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([2], await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.True(memory.IsTroubled(_first.EndPoint.ToString()));
    }
}

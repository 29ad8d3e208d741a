using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Source.Mirror.Tests;

/// <summary>The source as the host has it, a faulty mirror, and a clock that stands still.</summary>
internal sealed class MirrorFixture : IAsyncDisposable
{
    public const int Length = 300_000;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DirectClient _client;

    public MirrorFixture(
        string address, X509Certificate2? certificate = null, IOriginConnector? connector = null, Action<MirrorOptions>? set = null)
    {
        set?.Invoke(Options);
        Server = FaultyServer.Start(address, Bytes, certificate);
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        var tls = certificate is null ? null : new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, presented, _, _) => certificate.Equals(presented),
        };
        _client = new DirectClient(connector ?? Connector, tls);
        Source = new MirrorSource(
            _client, new OriginSlots(Options.ConnectionsPerOrigin), options, Time,
            new MirrorMetrics(_services.GetRequiredService<IMeterFactory>()), NullLogger<MirrorSource>.Instance);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public byte[] Bytes { get; } = TestContent.Bytes(Length);

    public MirrorOptions Options { get; } = new();

    public DirectConnector Connector { get; } = new();

    public VirtualTime Time { get; } = new();

    public FaultyServer Server { get; }

    public MirrorSource Source { get; }

    public async Task<IChannel> OpenAsync(params Origin[] origins)
    {
        var content = new Content(ContentHash.Of(Bytes), Length, origins is [] ? [Server.Origin("/pool/a.deb")] : [.. origins]);
        return await Source.OpenAsync(content, SearchEffort.Known, Cancellation).FirstAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
        await _services.DisposeAsync();
    }
}

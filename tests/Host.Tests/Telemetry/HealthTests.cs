using System.Net;
using System.Net.Http.Headers;
using AptP2P.Host.Tests.Proxy;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Host.Tests.Telemetry;

/// <summary>What programs hear that ask whether this daemon can serve.</summary>
public sealed class HealthTests
{
    private const string NoOrigins = "no plugin that gets files from mirrors works (Source.Mirror)";

    [Fact]
    public async Task Get_AllWorks_200InTextOrJson()
    {
        await using var rig = await ProxyRig.StartAsync("127.0.41.1");

        Assert.Equal((HttpStatusCode.OK, "apt-p2p can serve\n"), await GetAsync(rig));
        Assert.Equal((HttpStatusCode.OK, """{"status":"ok","reasons":[]}"""), await GetAsync(rig, "application/json"));
    }

    [Fact]
    public async Task Get_NothingGetsFilesFromMirrors_503WithTheReason()
    {
        await using var rig = await ProxyRig.StartAsync("127.0.41.2", services => services.RemoveAll<ISource>());

        Assert.Equal((HttpStatusCode.ServiceUnavailable, $"apt-p2p cannot serve: {NoOrigins}\n"), await GetAsync(rig));
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, $$"""{"status":"failing","reasons":["{{NoOrigins}}"]}"""),
            await GetAsync(rig, "text/html", "application/json; q=0.9"));
    }

    [Fact]
    public void Reasons_Stopping_SaysSo()
    {
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var health = new NodeHealth([new InMemorySource("mirror", SourceRole.Origin)], lifetime);
        Assert.Empty(health.Reasons);

        lifetime.StopApplication();

        Assert.Equal(["it is stopping"], health.Reasons);
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(ProxyRig rig, params string[] accept)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{rig.EndPoint}/p2p/health");
        foreach (var type in accept)
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(type));
        }

        using var response = await client.SendAsync(request, ProxyRig.Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(ProxyRig.Cancellation));
    }
}

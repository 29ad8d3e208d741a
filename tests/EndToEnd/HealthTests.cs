using System.Net;
using System.Text.Json.Nodes;

namespace AptP2P.EndToEnd;

/// <summary>What a daemon says of itself that cannot get anything from mirrors.</summary>
public sealed class HealthTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Fact]
    public async Task Health_WithoutTheSourceOfMirrors_Is503WithTheReasonAndAProblemOnThePage()
    {
        var daemon = await StartDaemonAsync("daemon", "--Host:Without=Source.Mirror");
        using var client = new HttpClient { BaseAddress = daemon.Address };

        using var answer = await client.GetAsync("/p2p/health", TestContext.Current.CancellationToken);
        var problem = (await daemon.StatusAsync())["node"]!["pluginLeftOutSourceMirror"]!;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(
            "apt-p2p cannot serve: no plugin that gets files from mirrors works (Source.Mirror)\n",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("error", problem["severity"]!.GetValue<string>());
    }

    [Fact]
    public async Task Health_AllWorks_IsOkAndNoProblemOfTheDaemonsOwn()
    {
        var daemon = await StartDaemonAsync("daemon");
        using var client = new HttpClient { BaseAddress = daemon.Address, DefaultRequestHeaders = { { "Accept", "application/json" } } };

        var said = JsonNode.Parse(await client.GetStringAsync("/p2p/health", TestContext.Current.CancellationToken))!;

        Assert.Equal("ok", said["status"]!.GetValue<string>());
        Assert.DoesNotContain(
            (await daemon.StatusAsync())["node"]!.AsObject(),
            static item => item.Key.StartsWith("pluginLeftOut", StringComparison.Ordinal));
    }
}

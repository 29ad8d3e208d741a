namespace AptP2P.EndToEnd;

/// <summary>Nodes with a secret.</summary>
public sealed class PrivateNetworkTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Fact]
    public async Task Secret_SetOnce_HoldsForNeighboursAndForTheDht()
    {
        var secret = $"secret of {NextAddress()}"; // no other test has it
        Variables["APTP2P_Neighbours_Lan__Interfaces"] = "lo";
        Variables["APTP2P_Sharing__NetworkSecret"] = secret;
        var a = await StartDaemonAsync("a");
        var b = await StartDaemonAsync("b");
        await a.FindsNeighbourAsync(b.EndPoint);
        await b.FindsNeighbourAsync(a.EndPoint);
        await b.KnowsNodesAsync();

        var stranger = await StartDaemonAsync("stranger", a, $"--Sharing:NetworkSecret=not {secret}");
        await a.DropsAsync("lan");
        await a.DropsAsync("dht");

        Assert.Equal(0, (await stranger.StatusAsync())["lan"]!["neighbours"]!.GetValue<int>());
        Assert.Equal(0, (await stranger.StatusAsync())["dht"]!["nodesV4"]!.GetValue<int>());
        Assert.All(new[] { a, b }, daemon => Assert.DoesNotContain(secret, daemon.Output, StringComparison.Ordinal));
        Assert.DoesNotContain(secret, (await a.StatusAsync()).ToJsonString(), StringComparison.Ordinal);
    }
}

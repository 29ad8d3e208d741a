using System.Text.Json;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Stats.Tests.Sections;

/// <summary>Sections that fail, hang or share a key, as <c>/p2p/status</c> shows them.</summary>
public sealed class StatusReaderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_SectionThrows_OthersAreShown()
    {
        await using var server = await StatusServer.StartAsync(
            new FakeSection("bad", _ => throw new InvalidOperationException("broken on purpose")),
            new FakeSection("good", new StatusValue("k", "K", 1)));

        var json = JsonElement.Parse(await server.Client.GetStringAsync("/p2p/status", Cancelled));

        Assert.Equal("broken on purpose", json.GetProperty("bad").GetProperty("error").GetString());
        Assert.Equal(1, json.GetProperty("good").GetProperty("k").GetInt32());
    }

    [Fact]
    public async Task Read_SectionHangs_OthersAreShownAfterItsTime()
    {
        var time = new VirtualTime();
        var asked = new TaskCompletionSource();
        var gaveUp = new TaskCompletionSource();
        var hangs = new FakeSection("hangs", async cancellationToken =>
        {
            cancellationToken.Register(gaveUp.SetResult);
            asked.SetResult();
            await new TaskCompletionSource().Task;
            return [];
        });
        await using var server = await StatusServer.StartAsync(
            new StatsOptions(), time, hangs, new FakeSection("good", new StatusValue("k", "K", 1)));

        var answer = server.Client.GetStringAsync("/p2p/status", Cancelled);
        await asked.Task;
        while (!time.FireNext()) // the reader sets its timer right after it has asked
        {
            await Task.Yield();
        }

        var json = JsonElement.Parse(await answer);
        Assert.Equal("took too long", json.GetProperty("hangs").GetProperty("error").GetString());
        Assert.Equal(1, json.GetProperty("good").GetProperty("k").GetInt32());
        await gaveUp.Task;
    }

    [Fact]
    public async Task Read_TwoSectionsOfOneKey_AreOne()
    {
        await using var server = await StatusServer.StartAsync(
            new FakeSection("peers", new StatusValue("a", "A", 1)),
            new FakeSection("peers", new StatusValue("a", "A", 2), new StatusValue("b", "B", 3)));

        var json = await server.Client.GetStringAsync("/p2p/status", Cancelled);

        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""{"a": 1, "b": 3}"""), JsonElement.Parse(json).GetProperty("peers")));
    }
}

using AptP2P.Source.Peers.Fetching;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Fetching;

public sealed class HaveQuestionsTests
{
    [Fact]
    public async Task Ask_WhileOneIsOnItsWay_TheRestGoesTogether()
    {
        List<int> sizes = [];
        var first = new TaskCompletionSource<byte[]?>();
        var questions = new HaveQuestions(hashes =>
        {
            sizes.Add(hashes.Count);
            return sizes.Count == 1 ? first.Task : Task.FromResult<byte[]?>([0b1010_0000]);
        });

        var answers = Enumerable.Range(0, 5).Select(i => questions.AskAsync(Hash(i))).ToArray();
        first.SetResult([0b1000_0000]);

        var has = await Task.WhenAll(answers);
        Assert.Equal([true, true, false, true, false], has);
        Assert.Equal([1, 4], sizes);
        await questions.EndAsync();
        Assert.True(questions.IsIdle);
    }

    [Fact]
    public async Task Ask_MoreThanOneRequestHolds_SeveralRequests()
    {
        List<int> sizes = [];
        var first = new TaskCompletionSource<byte[]?>();
        var questions = new HaveQuestions(hashes =>
        {
            sizes.Add(hashes.Count);
            var field = new byte[64];
            field.AsSpan().Fill(0xff);
            return sizes.Count == 1 ? first.Task : Task.FromResult<byte[]?>(field);
        });

        var answers = Enumerable.Range(0, 1100).Select(i => questions.AskAsync(Hash(i))).ToArray();
        first.SetResult([0x80]);

        Assert.All(await Task.WhenAll(answers), Assert.True);
        Assert.Equal([1, 512, 512, 75], sizes);
    }

    [Fact]
    public async Task Ask_NoAnswer_NobodyHasIt()
    {
        var questions = new HaveQuestions(_ => Task.FromResult<byte[]?>(null));

        Assert.False(await questions.AskAsync(Hash(1)));
        Assert.False(await questions.AskAsync(Hash(2)));
    }

    private static ContentHash Hash(int number) => new(TestContent.Bytes(ContentHash.Size, number));
}

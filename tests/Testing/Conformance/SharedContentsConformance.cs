using Microsoft.AspNetCore.Http;
using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>What every <see cref="ISharedContents"/> must do.</summary>
public abstract class SharedContentsConformance
{
    private static readonly byte[] Bytes = TestContent.Bytes(1_200_000);
    private static readonly ContentHash Hash = ContentHash.Of(Bytes);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract ISharedContents Contents { get; }

    /// <summary>Makes a content shared, whole and with its piece list.</summary>
    protected abstract ValueTask ShareAsync(byte[] bytes, PieceList pieces);

    [Fact]
    public async Task Open_Unknown_Null()
    {
        Assert.Null(await Contents.OpenAsync(Hash, Cancellation));
        Assert.False(await Contents.HasAsync(Hash, Cancellation));
    }

    [Fact]
    public async Task Open_Shared_AllOfIt()
    {
        await ShareAsync(Bytes, TestContent.PiecesOf(Bytes));

        await using var content = await Contents.OpenAsync(Hash, Cancellation);

        Assert.True(await Contents.HasAsync(Hash, Cancellation));
        Assert.True(content!.IsComplete);
        Assert.Equal(Bytes.Length, content.Length);
        Assert.Equal(TestContent.PiecesOf(Bytes).Digest, content.Pieces!.Digest);
        Assert.All(Enumerable.Range(0, 3), piece => Assert.True(content.HasPiece(piece)));
        var read = new byte[1000];
        Assert.Equal(1000, await content.ReadAsync(600_000, read, Cancellation));
        Assert.Equal(Bytes[600_000..601_000], read);
    }

    [Fact]
    public async Task Send_PartsInTurn_ThoseBytesAsOneBody()
    {
        await ShareAsync(Bytes, TestContent.PiecesOf(Bytes));
        await using var content = await Contents.OpenAsync(Hash, Cancellation);
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };

        Assert.True(await content!.SendAsync(context, new ByteRange(1, 700_000)));
        Assert.True(await content.SendAsync(context, new ByteRange(700_000, 700_000)));
        Assert.True(await content.SendAsync(context, new ByteRange(700_000, Bytes.Length)));

        Assert.Equal(Bytes[1..], body.ToArray());
    }

    [Fact]
    public async Task Send_MoreThanThereIs_SaysSo()
    {
        await ShareAsync(Bytes, TestContent.PiecesOf(Bytes));
        await using var content = await Contents.OpenAsync(Hash, Cancellation);
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };

        Assert.False(await content!.SendAsync(context, new ByteRange(1_199_000, Bytes.Length + 1)));
        Assert.Equal(Bytes[1_199_000..], body.ToArray());
    }
}

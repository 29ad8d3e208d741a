using AptP2P.Source.Peers.Messages;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Messages;

public sealed class ContentNameTests
{
    // RFC 6920, section 8.1: the hash of "Hello World!".
    private const string HelloWorld = "f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk";

    [Fact]
    public void PathOf_HelloWorld_AsInTheRfc() =>
        Assert.Equal("/.well-known/ni/sha-256/" + HelloWorld, ContentName.PathOf(ContentHash.Of("Hello World!"u8)));

    [Fact]
    public void TryRead_AnyHash_RoundTrip()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var hash = new ContentHash(TestContent.Bytes(ContentHash.Size, seed));

            Assert.True(ContentName.TryRead(ContentName.PathOf(hash).AsSpan(ContentName.Folder.Length), out var read));
            Assert.Equal(hash, read);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkG")]
    [InlineData("f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk=")]
    [InlineData("f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGkA")]
    [InlineData("f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGl")] // a spare bit is set: another way to write the same
    [InlineData("f4OxZX/x/FO5LcGBSKHWXfwtSx+j1ncoSt3SABJtkGk")]
    [InlineData("f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkG\u00e9")]
    [InlineData("f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtk k")]
    public void TryRead_AnythingElse_False(string name) => Assert.False(ContentName.TryRead(name, out _));
}

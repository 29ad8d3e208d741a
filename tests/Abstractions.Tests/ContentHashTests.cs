using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Abstractions.Tests;

public sealed class ContentHashTests
{
    // FIPS 180-4's example: the SHA-256 of "abc".
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static readonly Gen<byte[]> Hashes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(ContentHash.Size);

    [Fact]
    public void Of_KnownText_IsItsSha256() => Assert.Equal(Abc, ContentHash.Of("abc"u8).ToString());

    [Fact]
    public void TryParse_AnyHashInEitherCase_IsTheSame() =>
        Property.Holds(Hashes, bytes =>
        {
            var upper = Convert.ToHexString(bytes);
            return ContentHash.TryParse(upper, out var fromUpper)
                && ContentHash.TryParse(Encoding.ASCII.GetBytes(upper.ToLowerInvariant()), out var fromLower)
                && fromUpper == fromLower
                && fromUpper.ToArray().SequenceEqual(bytes)
                && fromUpper.GetHashCode() == fromLower.GetHashCode()
                && fromUpper.ToString() == Convert.ToHexStringLower(bytes);
        });

    [Theory]
    [InlineData("")]
    [InlineData("ba7816bf")]
    [InlineData(Abc + "00")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(ContentHash.TryParse(text, out _));
        Assert.False(ContentHash.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }

    [Fact]
    public void CompareTo_TwoHashes_OrdersLikeTheirBytes() =>
        Property.Holds(Hashes, Hashes, (a, b) =>
        {
            var (left, right) = (new ContentHash(a), new ContentHash(b));
            var order = a.AsSpan().SequenceCompareTo(b);
            return Math.Sign(left.CompareTo(right)) == Math.Sign(order) && (left < right) == (order < 0) && (left >= right) == (order >= 0);
        });

    [Fact]
    public void New_WrongLength_Throws() => Assert.Throws<ArgumentException>(() => new ContentHash(new byte[SHA256.HashSizeInBytes - 1]));
}

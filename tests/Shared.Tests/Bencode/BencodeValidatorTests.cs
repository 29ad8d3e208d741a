using System.Text;
using AptP2P.Shared.Bencode;
using Xunit;

namespace AptP2P.Shared.Tests.Bencode;

public sealed class BencodeValidatorTests
{
    [Theory]
    [InlineData("0:")]
    [InlineData("5:hello")]
    [InlineData("i0e")]
    [InlineData("i-42e")]
    [InlineData("i9223372036854775807e")]
    [InlineData("le")]
    [InlineData("de")]
    [InlineData("l1:ai1eldeee")]
    [InlineData("d1:a1:x2:aai1e1:blee")]
    public void IsValid_Canonical_IsAccepted(string text)
    {
        Assert.True(IsValid(text, BencodeLimits.Item));
        Assert.True(IsValid(text, BencodeLimits.Datagram));
    }

    [Theory]
    [InlineData("i-0e")]
    [InlineData("i03e")]
    [InlineData("d1:bi1e1:ai2ee")]
    [InlineData("d1:ai1e1:ai2ee")]
    public void IsValid_NotCanonical_IsAcceptedInMessagesOnly(string text)
    {
        Assert.False(IsValid(text, BencodeLimits.Item));
        Assert.True(IsValid(text, BencodeLimits.Datagram));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5:hell")]
    [InlineData("5:hello!")]
    [InlineData("05:hello")]
    [InlineData("-1:a")]
    [InlineData("99999999999999999999:a")]
    [InlineData("i9223372036854775808e")]
    [InlineData("ie")]
    [InlineData("i-e")]
    [InlineData("i1")]
    [InlineData("i1.5e")]
    [InlineData("i 1e")]
    [InlineData("l")]
    [InlineData("d1:a")]
    [InlineData("d1:ae")]
    [InlineData("di1ei2ee")]
    [InlineData("x")]
    [InlineData("e")]
    [InlineData("1:ai1e")]
    public void IsValid_Broken_IsRefused(string text)
    {
        Assert.False(IsValid(text, BencodeLimits.Datagram));
        Assert.False(IsValid(text, BencodeLimits.Item));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void IsValid_Depth_IsLimited(int depth, bool expected) =>
        Assert.Equal(expected, IsValid(new string('l', depth + 1) + new string('e', depth + 1), BencodeLimits.Datagram));

    [Theory]
    [InlineData(499, true)]
    [InlineData(500, false)]
    public void IsValid_Tokens_AreLimited(int values, bool expected) =>
        Assert.Equal(expected, IsValid("l" + string.Concat(Enumerable.Repeat("0:", values)) + "e", BencodeLimits.Datagram));

    private static bool IsValid(string text, BencodeLimits limits) => BencodeValidator.IsValid(Encoding.Latin1.GetBytes(text), limits);
}

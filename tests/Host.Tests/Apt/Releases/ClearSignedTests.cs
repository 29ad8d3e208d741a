using System.Text;
using AptP2P.Host.Apt.Releases;
using Xunit;

namespace AptP2P.Host.Tests.Apt.Releases;

public sealed class ClearSignedTests
{
    private const string Begin = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n";
    private const string Signature = "-----BEGIN PGP SIGNATURE-----\n\niHUE\n-----END PGP SIGNATURE-----\n";

    [Theory]
    [InlineData("Origin: x\n", "Origin: x")]
    [InlineData("Origin: x\r\nSuite: y\r\n", "Origin: x\nSuite: y")]
    [InlineData("Origin: x \t\n- - dash\n\nend\n", "Origin: x\n- dash\n\nend")]
    [InlineData("", "")]
    public void TrySplit_AMessage_IsWhatWasSigned(string text, string message)
    {
        Assert.True(ClearSigned.TrySplit(Encoding.UTF8.GetBytes(Begin + text + Signature), out var found, out var signature));

        Assert.Equal(message, Encoding.UTF8.GetString(found));
        Assert.Equal(Signature, Encoding.UTF8.GetString(signature));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Origin: x\n")]
    [InlineData(Begin + "Origin: x\n")]
    [InlineData(Begin + "Origin: x\n-----BEGIN PGP SIGNATURE-----\n\niHUE\n")]
    [InlineData("Origin: before\n" + Begin + "Origin: x\n" + Signature)]
    [InlineData(Begin + "Origin: x\n" + Signature + "Origin: behind\n")]
    [InlineData(Begin + "Origin: x\n" + Signature + Begin + "Origin: y\n" + Signature)]
    [InlineData(Begin + "Origin: x\n" + Signature + Signature)]
    [InlineData(Begin + "-----END PGP SIGNATURE-----\n")]
    public void TrySplit_AnythingElse_IsRefused(string text) => Assert.False(ClearSigned.IsWhole(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void TrySplit_CutAnywhere_IsRefused()
    {
        var text = Encoding.UTF8.GetBytes(Begin + "Origin: x\n" + Signature);
        Assert.All(Enumerable.Range(0, text.Length - 1), length => Assert.False(ClearSigned.IsWhole(text.AsSpan(0, length))));
    }
}

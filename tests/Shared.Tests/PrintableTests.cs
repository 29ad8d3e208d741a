using System.Globalization;
using Xunit;

namespace AptP2P.Shared.Tests;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("/debian/pool/p_1.0~+.deb", "/debian/pool/p_1.0~+.deb")]
    [InlineData("\u00e9\u6f22\U0001F600", "\u00e9\u6f22\U0001F600")]
    [InlineData("a\r\nb\0\u007f\u0085\u009b", "a\ufffd\ufffdb\ufffd\ufffd\ufffd\ufffd")]
    [InlineData("\u202e\u2066\u061c\u200b\ufeff\U000E0041", "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd")]
    [InlineData("", "")]
    public void Of_AText_IsWhatPeopleCanRead(string text, string printable) => Assert.Equal(printable, Printable.Of(text));

    [Fact]
    // not as an attribute's argument, which is UTF-8
    public void Of_HalfAPair_IsReplaced() => Assert.Equal("\ufffdx", Printable.Of("\ud800x"));

    [Fact]
    public void Of_AnyLetter_IsNeitherControlNorBidirectional()
    {
        var all = new string([
            .. Enumerable.Range(0, char.MaxValue + 1).Select(letter => (char)letter).Where(letter => !char.IsSurrogate(letter)),
        ]);

        Assert.DoesNotContain(Printable.Of(all), letter =>
            char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator);
    }
}

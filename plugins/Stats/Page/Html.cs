using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace AptP2P.Stats.Page;

/// <summary>
/// HTML under construction. Text of the program goes in as it is, every value is encoded: there is no other way to add one.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    public Html Add([InterpolatedStringHandlerArgument("")] Piece piece)
    {
        _ = piece; // has written itself already
        return this;
    }

    public override string ToString() => _text.ToString();

    [InterpolatedStringHandler]
    internal readonly struct Piece
    {
        private readonly StringBuilder _text;

        public Piece(int literalLength, int formattedCount, Html into)
        {
            _text = into._text;
            _text.EnsureCapacity(_text.Length + literalLength + (formattedCount * 8));
        }

        public void AppendLiteral(string text) => _text.Append(text);

        public void AppendFormatted<T>(T value) =>
            _text.Append(HtmlEncoder.Default.Encode(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
    }
}

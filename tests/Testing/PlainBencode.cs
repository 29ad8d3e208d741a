using System.Globalization;
using System.Text;

namespace AptP2P.Testing;

/// <summary>
/// Bencode by the book, slow and with objects: what the code under test is compared with. Strings are byte strings in Latin-1; dictionaries
/// are written in the order given, so that wrong ones can be made.
/// </summary>
public static class PlainBencode
{
    public static byte[] Encode(object value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public static object Decode(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        return Read(Encoding.Latin1.GetString(bytes), ref position);
    }

    public static Dictionary<string, object> DecodeDictionary(ReadOnlySpan<byte> bytes) => (Dictionary<string, object>)Decode(bytes);

    /// <summary>A dictionary in the order given.</summary>
    public static List<(string Key, object Value)> Dictionary(params (string Key, object Value)[] entries) => [.. entries];

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static void Write(StringBuilder text, object value)
    {
        switch (value)
        {
            case string s:
                text.Append(CultureInfo.InvariantCulture, $"{s.Length}:{s}");
                break;
            case byte[] bytes:
                Write(text, Text(bytes));
                break;
            case int or long:
                text.Append(CultureInfo.InvariantCulture, $"i{value}e");
                break;
            case List<object> list:
                text.Append('l');
                list.ForEach(item => Write(text, item));
                text.Append('e');
                break;
            case List<(string Key, object Value)> entries:
                text.Append('d');
                entries.ForEach(entry =>
                {
                    Write(text, entry.Key);
                    Write(text, entry.Value);
                });
                text.Append('e');
                break;
            default:
                throw new ArgumentException($"No bencode for {value.GetType()}", nameof(value));
        }
    }

    private static object Read(string text, ref int position)
    {
        switch (text[position])
        {
            case 'i':
                var end = text.IndexOf('e', position);
                var number = long.Parse(text.AsSpan(position + 1, end - position - 1), CultureInfo.InvariantCulture);
                position = end + 1;
                return number;
            case 'l':
                var list = new List<object>();
                for (position++; text[position] != 'e';)
                {
                    list.Add(Read(text, ref position));
                }

                position++;
                return list;
            case 'd':
                var dictionary = new Dictionary<string, object>();
                for (position++; text[position] != 'e';)
                {
                    var key = (string)Read(text, ref position);
                    dictionary.Add(key, Read(text, ref position));
                }

                position++;
                return dictionary;
            default:
                var colon = text.IndexOf(':', position);
                var length = int.Parse(text.AsSpan(position, colon - position), CultureInfo.InvariantCulture);
                position = colon + 1 + length;
                return text.Substring(colon + 1, length);
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// Just enough of BEP 3's encoding for a test that plays a foreign node: written apart from the daemon's, so that both cannot be wrong in
/// the same way. Values are <see cref="long"/>, byte[], List of values and sorted dictionaries.
/// </summary>
internal static class Krpc
{
    /// <summary>The tag of the network, which is in every message (docs/protocol.md).</summary>
    public static byte[] Network { get; } = SHA256.HashData("apt-p2p network 1"u8)[..8];

    public static SortedDictionary<string, object> Dictionary(params (string Key, object Value)[] entries)
    {
        var dictionary = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            dictionary.Add(key, value);
        }

        return dictionary;
    }

    public static byte[] Encode(object value)
    {
        using var output = new MemoryStream();
        Write(output, value);
        return output.ToArray();
    }

    public static SortedDictionary<string, object> Decode(byte[] datagram)
    {
        var position = 0;
        return (SortedDictionary<string, object>)Read(datagram, ref position);
    }

    private static void Write(Stream output, object value)
    {
        switch (value)
        {
            case long number:
                output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"i{number}e")));
                break;
            case string text:
                Write(output, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:")));
                output.Write(bytes);
                break;
            case List<object> list:
                output.WriteByte((byte)'l');
                list.ForEach(item => Write(output, item));
                output.WriteByte((byte)'e');
                break;
            case SortedDictionary<string, object> dictionary:
                output.WriteByte((byte)'d');
                foreach (var (key, item) in dictionary)
                {
                    Write(output, key);
                    Write(output, item);
                }

                output.WriteByte((byte)'e');
                break;
            default:
                throw new ArgumentException($"{value.GetType()} has no encoding", nameof(value));
        }
    }

    private static object Read(byte[] input, ref int position)
    {
        switch (input[position])
        {
            case (byte)'i':
                position++;
                return ReadNumber(input, ref position, 'e');
            case (byte)'l':
                position++;
                var list = new List<object>();
                while (input[position] != 'e')
                {
                    list.Add(Read(input, ref position));
                }

                position++;
                return list;
            case (byte)'d':
                position++;
                var dictionary = Dictionary();
                while (input[position] != 'e')
                {
                    var key = Encoding.UTF8.GetString((byte[])Read(input, ref position));
                    dictionary[key] = Read(input, ref position);
                }

                position++;
                return dictionary;
            default:
                var length = (int)ReadNumber(input, ref position, ':');
                position += length;
                return input[(position - length)..position];
        }
    }

    private static long ReadNumber(byte[] input, ref int position, char end)
    {
        var stop = Array.IndexOf(input, (byte)end, position);
        var number = long.Parse(Encoding.ASCII.GetString(input, position, stop - position), CultureInfo.InvariantCulture);
        position = stop + 1;
        return number;
    }
}

using System.Net;
using System.Text;
using AptP2P.Neighbours.Lan.Datagrams;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// A datagram of local service discovery: what is read costs no memory, names a port, and says the same when it is written again.
/// </summary>
internal static class LanMessages
{
    private const string Ours = "0123456789abcdef0123456789abcdef01234567"; // the corpus names it, too

    private static readonly byte[] Infohash = Encoding.ASCII.GetBytes(Ours);
    private static readonly IPEndPoint Group = IPEndPoint.Parse("239.192.152.143:6771");

    public static void Check(ReadOnlySpan<byte> input)
    {
        var allowance = Allowance.Begin();
        var isRead = LanMessage.TryRead(input, Infohash, out var message);
        allowance.End(input.Length, each: 0, fixedCost: 0);
        if (!isRead)
        {
            return;
        }

        Assert.InRange(input.Length, 1, LanMessage.MaxLength);
        Assert.NotEqual(0, message.Port);
        Assert.True(message.Cookie.IsEmpty || input.IndexOf(message.Cookie) >= 0, "a cookie comes from nowhere");
        Assert.True(!message.IsOurs || Lower(input).Contains(Ours, StringComparison.Ordinal), "a network is taken for ours");
        var printable = Encoding.Latin1.GetString(message.Cookie);
        if (Ascii.IsValid(printable) && printable.Length < 1000)
        {
            Assert.True(LanMessage.TryRead(LanMessage.Write(Group, message.Port, Ours, printable), Infohash, out var again));
            Assert.True(again.IsOurs && again.Port == message.Port && again.Cookie.SequenceEqual(message.Cookie), "it says something else");
        }
    }

    private static string Lower(ReadOnlySpan<byte> input) => Encoding.Latin1.GetString(input).ToLowerInvariant();
}

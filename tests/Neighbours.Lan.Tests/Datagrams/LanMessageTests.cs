using System.Net;
using System.Text;
using AptP2P.Neighbours.Lan.Datagrams;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests.Datagrams;

public sealed class LanMessageTests
{
    private const string Ours = "0123456789abcdef0123456789abcdef01234567";
    private const string Theirs = "ffffffffffffffffffffffffffffffffffffffff";
    private const string Start = "BT-SEARCH * HTTP/1.1\r\n";
    private const string Right = Start + "Host: 239.192.152.143:6771\r\nPort: 9977\r\nInfohash: " + Ours + "\r\ncookie: abc\r\n\r\n\r\n";

    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260101, 77);

    [Fact]
    public void Write_AMessage_IsWhatTheProtocolSays() =>
        Assert.Equal(
            Right, Encoding.ASCII.GetString(LanMessage.Write(IPEndPoint.Parse("239.192.152.143:6771"), 9977, Ours, "abc")));

    [Fact]
    public void Write_ForIPv6_NamesTheGroupInBrackets() =>
        Assert.Contains(
            "\r\nHost: [ff15::efc0:988f]:6771\r\n",
            Encoding.ASCII.GetString(LanMessage.Write(IPEndPoint.Parse("[ff15::efc0:988f]:6771"), 9977, Ours, "abc")),
            StringComparison.Ordinal);

    [Fact]
    public void TryRead_WhatIsWritten_SaysTheSame() =>
        Check.One(Seeded, Prop.ForAll(
            Arb.From(Gen.Choose(1, 65535)),
            Arb.From(ArbMap.Default.GeneratorFor<byte[]>()),
            (port, cookie) =>
            {
                var written = LanMessage.Write(IPEndPoint.Parse("239.192.152.143:6771"), port, Ours, Convert.ToHexString(cookie));
                return LanMessage.TryRead(written, Encoding.ASCII.GetBytes(Ours), out var message)
                    && message.IsOurs
                    && message.Port == port
                    && Encoding.ASCII.GetString(message.Cookie) == Convert.ToHexString(cookie);
            }));

    [Fact]
    public void TryRead_AnyChangeOfAByte_IsReadOrRefused() =>
        Check.One(Seeded, Prop.ForAll(
            Arb.From(Gen.Choose(0, Right.Length - 1)),
            Arb.From(Gen.Choose(0, 255)),
            (at, value) =>
            {
                var bytes = Encoding.ASCII.GetBytes(Right);
                bytes[at] = (byte)value;
                return !Read(bytes, out _, out var port) || port > 0;
            }));

    [Fact]
    public void TryRead_CutOffAnywhere_IsRefused() => // but for the second empty line, which some leave out
        Assert.All(Enumerable.Range(0, Right.Length - 2), length => Assert.False(Read(Right[..length])));

    [Theory]
    [InlineData("Port: 9977\r\nInfohash: " + Ours + "\r\n\r\n")] // one empty line
    [InlineData("PORT:9977\r\niNfOhAsH:\t" + Ours + " \r\n\r\n\r\n")]
    [InlineData("Infohash: " + Theirs + "\r\nPort: 9977\r\nInfohash: " + Ours + "\r\nInfohash: " + Theirs + "\r\n\r\n\r\n")]
    [InlineData("X-Odd: \u00e9:\u0001\r\nEmpty:\r\nPort: 9977\r\nInfohash: 0123456789ABCDEF0123456789ABCDEF01234567\r\n\r\n\r\n")]
    public void TryRead_OtherFormsOfTheSame_IsOurs(string headers)
    {
        Assert.True(Read(Encoding.Latin1.GetBytes(Start + headers), out var isOurs, out var port));

        Assert.Equal((true, (ushort)9977), (isOurs, port));
    }

    [Fact]
    public void TryRead_AnotherSwarm_IsNotOurs()
    {
        Assert.True(Read(Encoding.ASCII.GetBytes(Right.Replace(Ours, Theirs, StringComparison.Ordinal)), out var isOurs, out _));

        Assert.False(isOurs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData(Right + "x")]
    [InlineData(Right + "\r\n")]
    [InlineData("bt-search * HTTP/1.1\r\nPort: 9977\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.0\r\nPort: 9977\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 9977\r\n\r\n\r\n")]
    [InlineData(Start + "Infohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 0\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 65536\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: -1\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: +1\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 1 2\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port:\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 9977\r\nPort: 9977\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 9977\r\nInfohash: " + Ours + "\r\ncookie: a\r\ncookie: b\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 9977\r\nInfohash: " + Ours + "0\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 9977\r\nInfohash: g123456789abcdef0123456789abcdef01234567\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 9977\r\nno colon\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 9977\r\n: no name\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port : 9977\r\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    [InlineData(Start + "Port: 9977\nInfohash: " + Ours + "\r\n\r\n\r\n")]
    public void TryRead_Odd_IsRefused(string text) => Assert.False(Read(text));

    [Fact]
    public void TryRead_LongerThanADatagramMayBe_IsRefused()
    {
        var cookie = new string('c', LanMessage.MaxLength - Right.Length + 3);
        var longest = Right.Replace("cookie: abc", $"cookie: {cookie}", StringComparison.Ordinal);

        Assert.True(Read(longest));
        Assert.False(Read(longest.Replace("cookie: ", "cookie: c", StringComparison.Ordinal)));
    }

    [Fact]
    public void TryRead_AnyDatagram_AllocatesNothing()
    {
        var (bytes, ours) = (Encoding.ASCII.GetBytes(Right), Encoding.ASCII.GetBytes(Ours));
        LanMessage.TryRead(bytes, ours, out _); // what is made once
        var before = GC.GetAllocatedBytesForCurrentThread();

        LanMessage.TryRead(bytes, ours, out _);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static bool Read(string text) => Read(Encoding.Latin1.GetBytes(text), out _, out _);

    private static bool Read(byte[] bytes, out bool isOurs, out ushort port)
    {
        var isRead = LanMessage.TryRead(bytes, Encoding.ASCII.GetBytes(Ours), out var message);
        (isOurs, port) = (message.IsOurs, message.Port);
        return isRead;
    }
}

using AptP2P.Dht.Kademlia.Meeting;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

public sealed class ResolverFileTests
{
    [Fact]
    public void Parse_WhatMachinesHave_IsUnderstood()
    {
        var file = ResolverFile.Parse(
            "# by hand\nnameserver 192.168.1.1\n nameserver\tfd00::1\r\nnameserver nonsense\noptions edns0\nsearch lan home.arpa. lan\n");

        Assert.Equal(["192.168.1.1", "fd00::1"], file.Servers.Select(static server => server.ToString()));
        Assert.Equal(["lan", "home.arpa"], file.Domains);
    }

    [Theory]
    [InlineData("search a.example\ndomain b.example c.example\n", "b.example")] // the last line counts, and a domain is one
    [InlineData("domain b.example\nsearch\n", "")]
    [InlineData("search . a..example -ok.example a;b x/y \u00e4.example\n", "-ok.example")]
    [InlineData("search a b c d e f g h\n", "a b c d e f")]
    [InlineData("", "")]
    public void Parse_Domains_AreNamesAndFew(string text, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), ResolverFile.Parse(text).Domains);

    [Fact]
    public void Parse_AnyText_GivesFewNames() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll<string[]>(static lines =>
    {
        var file = ResolverFile.Parse(string.Join("\nsearch ", lines.Prepend("nameserver 1.1.1.1")));
        return file.Domains.Count <= 6 && file.Domains.All(static name => name.Length is > 0 and <= 253) && file.Servers.Count <= 3;
    }));

    [Fact]
    public void Read_NoFile_IsNothing() => Assert.Empty(ResolverFile.Read("/nowhere/resolv.conf").Domains);
}

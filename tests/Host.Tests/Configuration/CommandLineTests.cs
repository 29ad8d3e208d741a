using AptP2P.Host.Configuration;
using Xunit;

namespace AptP2P.Host.Tests.Configuration;

public sealed class CommandLineTests
{
    [Fact]
    public void Read_Flags_AreSeen()
    {
        Assert.Null(CommandLine.Read([]).Help);
        Assert.Equal("", CommandLine.Read(["--help"]).Help);
        Assert.Equal("", CommandLine.Read(["-h", "--version"]).Help);
        Assert.Equal("all", CommandLine.Read(["--help", "all"]).Help);
        Assert.Equal("Proxy", CommandLine.Read(["--help=Proxy"]).Help);
        Assert.True(CommandLine.Read(["--version"]).Version);
        Assert.Equal("a.conf", CommandLine.Read(["--config", "a.conf"]).ConfigFile);
        Assert.Equal("b.conf", CommandLine.Read(["--config=b.conf"]).ConfigFile);
    }

    [Theory]
    [InlineData("--config")]
    [InlineData("/Host:Port=1")]
    [InlineData("--Port=1")]
    [InlineData("--:Port=1")]
    [InlineData("--Host:=1")]
    [InlineData("--A:B:C=1")]
    [InlineData("")]
    public void Read_WhatMeansNothing_IsAProblem(string argument) => Assert.Single(CommandLine.Read([argument]).Problems);

    [Fact]
    public void Read_ValueWithEquals_IsKeptWhole()
    {
        var setting = Assert.Single(CommandLine.Read(["--Dht.Kademlia:Secret=a=b:c"]).Settings);

        Assert.Equal(("Dht.Kademlia", "Secret", "a=b:c"), (setting.Section, setting.Key, setting.Value));
    }
}

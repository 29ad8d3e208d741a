using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Net;
using AptP2P.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void Section_NothingWritten_KeepsDefaults()
    {
        var options = Read().Section<SampleOptions>("Sample.One");

        Assert.Equal(TimeSpan.FromSeconds(2), options.Wait);
        Assert.Equal(new ByteSize(1 << 20), options.Size);
        Assert.Empty(options.Allow);
    }

    [Fact]
    public void Section_EveryType_IsBound()
    {
        var settings = Read(ini: """
            # a comment
            [Sample.One]
            Wait = 250ms
            size=64KiB
            Kind = slow
            Allow = 10.0.0.0/8, ::1
            Peers = 192.0.2.7:9977, [2001:db8::7]:80
            Ratio = 0.5
            On = true
            Limit =
            Text = "with # and ; and = "
            """);

        var options = settings.Section<SampleOptions>("Sample.One");

        settings.FindUnknown();
        Assert.Empty(settings.Problems);
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.Wait);
        Assert.Equal(new ByteSize(64 << 10), options.Size);
        Assert.Equal(SampleKind.Slow, options.Kind);
        Assert.Equal([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("::1/128")], options.Allow);
        Assert.Equal([IPEndPoint.Parse("192.0.2.7:9977"), IPEndPoint.Parse("[2001:db8::7]:80")], options.Peers);
        Assert.Equal(0.5, options.Ratio);
        Assert.True(options.On);
        Assert.Null(options.Limit);
        Assert.Equal("with # and ; and = ", options.Text);
    }

    [Fact]
    public void Section_Credential_WinsOverFileAndNotOverEnvironment()
    {
        var folder = Directory.CreateTempSubdirectory("credentials");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "APTP2P_Sample_One__Text"), "a secret \n");
            File.WriteAllText(Path.Combine(folder.FullName, "APTP2P_Sample.One__Wait"), "3s\n");
            File.WriteAllText(Path.Combine(folder.FullName, "of-somebody-else"), "x");
            File.WriteAllText(Path.Combine(folder.FullName, "APTP2P_nonsense"), "x");
            File.WriteAllText(Path.Combine(folder.FullName, "APTP2P_Sample_One__Peers"), new string(' ', 70_000));
            var environment = new Hashtable { ["CREDENTIALS_DIRECTORY"] = folder.FullName, ["APTP2P_Sample_One__Wait"] = "4s" };
            var settings = Read("[Sample.One]\nText = public", environment);

            var options = settings.Section<SampleOptions>("Sample.One");

            Assert.Equal(("a secret ", TimeSpan.FromSeconds(4)), (options.Text, options.Wait));
            Assert.Equal(
                [
                    "credential: APTP2P_Sample_One__Peers has more than 65536 bytes",
                    "credential: APTP2P_nonsense is not understood; write APTP2P_<Section>__<Key>, such as APTP2P_Host__Port",
                ],
                settings.Problems);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Read_CredentialsThatAreNotThere_IsAProblem()
    {
        var problem = Assert.Single(Read(environment: new Hashtable { ["CREDENTIALS_DIRECTORY"] = "/nowhere" }).Problems);

        Assert.StartsWith("credentials in /nowhere cannot be read: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("APTP2P_Sample.One__Wait")]
    [InlineData("APTP2P_Sample_One__Wait")]
    [InlineData("APTP2P_SAMPLE_ONE__WAIT")]
    public void Section_EnvironmentVariable_WinsOverFile(string name)
    {
        var settings = Read(ini: "[Sample.One]\nWait=1s", environment: new() { [name] = "3s", ["PATH"] = "/bin" });

        Assert.Equal(TimeSpan.FromSeconds(3), settings.Section<SampleOptions>("Sample.One").Wait);
        settings.FindUnknown();
        Assert.Empty(settings.Problems);
    }

    [Fact]
    public void Section_CommandLine_WinsOverEnvironment()
    {
        var settings = Read(arguments: ["--Sample.One:Wait=4s"], environment: new() { ["APTP2P_Sample_One__Wait"] = "3s" });

        Assert.Equal(TimeSpan.FromSeconds(4), settings.Section<SampleOptions>("Sample.One").Wait);
    }

    [Fact]
    public void Problems_ManyErrors_AreListedAtOnceWithTheirPlaces()
    {
        var settings = Read(
            ini: """
                Lost = 1
                [Sample.One]
                Wait = 5
                Wait = 6s
                Sise = 1MB
                nonsense
                Kind = 7
                Count = 1000
                [Sampel.One]
                Wait = 1s
                [broken
                """,
            environment: new() { ["APTP2P_Sample_One__Allow"] = "10.0.0.0/99", ["APTP2P_Wait"] = "1s" },
            arguments: ["--Sample.One:Size=huge", "--Sample.One:On", "please"]);

        settings.Section<SampleOptions>("Sample.One");
        settings.FindUnknown();

        Assert.Equal(
            [
                "FILE:1: 'Lost' stands outside of a section; put it below a line such as [Host]",
                "FILE:4: [Sample.One] Wait is given again; it is in line 3 already",
                "FILE:6: 'nonsense' is neither a section nor Key = value",
                "FILE:11: '[broken' is no section; write [Name]",
                "environment: APTP2P_Wait is not understood; write APTP2P_<Section>__<Key>, such as APTP2P_Host__Port",
                "command line: '--Sample.One:On' is not understood; write --<Section>:<Key>=value, or see --help",
                "command line: 'please' is not understood; write --<Section>:<Key>=value, or see --help",
                "FILE:3: [Sample.One] Wait: '5' is not a time; write 250ms, 2s, 45min, 1h, 1d or hh:mm:ss",
                "command line: --Sample.One:Size: 'huge' is not a size; write 64KiB, 100MB or a number of bytes",
                "FILE:7: [Sample.One] Kind: '7' is not one of Fast, Slow",
                "environment: APTP2P_Sample_One__Allow: '10.0.0.0/99' is not a network; write 192.168.0.0/16, fd00::/8 or a single address",
                "FILE:8: [Sample.One] Count: The field Count must be between 1 and 10.",
                "FILE:5: [Sample.One] Sise: [Sample.One] has no key Sise; did you mean Size?",
                "FILE:10: [Sampel.One] Wait: there is no section Sampel.One; did you mean Sample.One?",
            ],
            settings.Problems);
    }

    [Fact]
    public void FindUnknown_KeyThatHasAnotherNameNow_IsRefusedWithIt()
    {
        var settings = Read("[Sample]\nformer = 1");

        settings.Section<OtherOptions>("Sample");
        settings.FindUnknown();

        Assert.Equal("FILE:2: [Sample] former: [Sample] Former: it is called Other now", Assert.Single(settings.Problems));
    }

    [Fact]
    public void FindUnknown_SectionOfAPluginThatFailed_IsNotJudged()
    {
        var settings = Read(environment: new() { ["APTP2P_Sample_One__Anything"] = "1" });

        settings.Excuse("Sample.One");
        settings.FindUnknown();

        Assert.Empty(settings.Problems);
    }

    [Fact]
    public void Section_TwoClassesShareIt_KeysOfBothAreKnown()
    {
        var settings = Read(arguments: ["--Sample:Wait=1s", "--Sample:Other=x"]);

        Assert.Equal(TimeSpan.FromSeconds(1), settings.Section<SampleOptions>("Sample").Wait);
        Assert.Equal("x", settings.Section<OtherOptions>("Sample").Other);
        settings.FindUnknown();
        Assert.Empty(settings.Problems);
    }

    [Fact]
    public void AddTo_BoundSections_AreRegisteredAsOptions()
    {
        var settings = Read();
        var bound = settings.Section<SampleOptions>("Sample");
        var services = new ServiceCollection();

        settings.AddTo(services);

        using var provider = services.BuildServiceProvider();
        Assert.Same(bound, provider.GetRequiredService<IOptions<SampleOptions>>().Value);
    }

    [Fact]
    public void Section_BoundsOfSizesAndTimes_AreHeld()
    {
        var settings = Read(arguments: ["--Sample:Size=2GiB", "--Sample:Wait=2h"]);

        settings.Section<SampleOptions>("Sample");

        Assert.Equal(2, settings.Problems.Count);
        Assert.Contains(settings.Problems, problem => problem.Contains("between 64KiB and 1GiB", StringComparison.Ordinal));
        Assert.Contains(settings.Problems, problem => problem.StartsWith("command line: --Sample:Wait: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_MissingFile_IsAProblem()
    {
        var settings = Settings.Read(CommandLine.Read(["--config", "/nowhere/at/all.conf"]), new Hashtable());

        Assert.StartsWith("/nowhere/at/all.conf: cannot be read: ", Assert.Single(settings.Problems), StringComparison.Ordinal);
    }

    private static Settings Read(string ini = "", Hashtable? environment = null, string[]? arguments = null)
    {
        var list = new SettingList();
        IniFile.Parse("FILE", ini.Split('\n'), list);
        Credentials.AddTo(list, environment ?? []);
        list.AddEnvironment(environment ?? []);
        var commandLine = CommandLine.Read(arguments ?? []);
        list.AddRange(commandLine);
        return new Settings(list);
    }

    internal enum SampleKind
    {
        Fast,
        Slow,
    }

    internal sealed class SampleOptions
    {
        [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(2);

        [Range(typeof(ByteSize), "64KiB", "1GiB")]
        public ByteSize Size { get; set; } = new(1 << 20);

        public SampleKind Kind { get; set; }

        public IPNetwork[] Allow { get; set; } = [];

        public IPEndPoint[] Peers { get; set; } = [];

        public double Ratio { get; set; }

        public bool On { get; set; }

        public int? Limit { get; set; } = 7;

        [Range(1, 10)]
        public int Count { get; set; } = 1;

        public string Text { get; set; } = "";
    }

    [FormerKey("Former", "it is called Other now")]
    internal sealed class OtherOptions
    {
        public string Other { get; set; } = "";
    }
}

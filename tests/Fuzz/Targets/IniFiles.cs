extern alias Peers;

using System.Text;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Proxy.Requests;
using AptP2P.Host.Proxy.Tunnels;
using Peers::AptP2P.Source.Peers.Configuration;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// A configuration: every line is a setting or a problem that names its place, and what is set can be written and read again.
/// </summary>
internal static class IniFiles
{
    private const string FileName = "apt-p2p.conf";

    public static void Check(ReadOnlySpan<byte> input)
    {
        var lines = Lines(Encoding.UTF8.GetString(input));
        var allowance = Allowance.Begin();
        var list = Parse(lines);
        allowance.End(input.Length, each: 512, fixedCost: 8 << 10);

        Assert.True(list.Settings.Count + list.Problems.Count <= lines.Count, "more was read than there are lines");
        Assert.All(list.Problems, static problem => Assert.StartsWith(FileName + ":", problem));
        CheckWritten(list.Settings);
        CheckBound(list);
    }

    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    private static SettingList Parse(IEnumerable<string> lines)
    {
        var list = new SettingList();
        IniFile.Parse(FileName, lines, list);
        return list;
    }

    private static void CheckWritten(IReadOnlyList<Setting> settings)
    {
        var again = Parse(
            settings.SelectMany(static setting => (string[])[$"[{setting.Section}]", $"{setting.Key} = \"{setting.Value}\""]));
        Assert.Empty(again.Problems);
        Assert.Equal(
            settings.Select(static setting => (setting.Section, setting.Key, setting.Value)),
            again.Settings.Select(static setting => (setting.Section, setting.Key, setting.Value)));
    }

    private static void CheckBound(SettingList list)
    {
        var settings = new Settings(list);
        object[] bound =
        [
            settings.Section<NodeOptions>(NodeOptions.Section),
            settings.Section<ClientOptions>("Proxy"), settings.Section<TunnelOptions>("Proxy"),
            settings.Section<PeersOptions>("Source.Peers"), settings.Section<KademliaOptions>("Dht.Kademlia"),
        ];
        settings.FindUnknown();
        Assert.True(settings.Problems.Count >= list.Problems.Count, "a problem was lost");
        foreach (var options in bound)
        {
            foreach (var key in Settings.Keys(options.GetType()))
            {
                var text = OptionText.Format(key.GetValue(options));
                Assert.Null(OptionText.TryParse(text, key.PropertyType, out var value));
                Assert.Equal(text, OptionText.Format(value));
            }
        }
    }
}

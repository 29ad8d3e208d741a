using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptP2P.Architecture;

/// <summary>Habits that a reader may rely on.</summary>
public sealed class StyleTests
{
    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Blocks of event ids, so that one can tell from a log whose message it is.</summary>
    private static readonly (string Prefix, int First, int Last)[] EventIds =
    [
        ("AptP2P.Host.Plugins", 1000, 1099),
        ("AptP2P.Host.Daemon", 1000, 1099),
        ("AptP2P.Host.Proxy", 1100, 1199),
        ("AptP2P.Host.Fetching", 1200, 1299),
        ("AptP2P.Host.Policy", 1200, 1299),
        ("AptP2P.Host.Catalog", 1300, 1399),
        ("AptP2P.Host.Storage", 1400, 1499),
        ("AptP2P.Host.Sharing", 1500, 1599),
        ("AptP2P.Host.Telemetry", 1600, 1699),
        ("AptP2P.Host.Origins", 1700, 1799),
        ("AptP2P.Host.Links", 1800, 1899),
        ("AptP2P.Host.Traffic", 1900, 1999),
        ("AptP2P.Dht.Kademlia", 2000, 2999),
        ("AptP2P.Source.Mirror", 3000, 3999),
        ("AptP2P.Source.Peers", 4000, 4999),
        ("AptP2P.Stats", 5000, 5999),
        ("AptP2P.Neighbours.Lan", 6000, 6999),
        ("AptP2P.Ports", 7000, 7999),
    ];

    [Fact]
    public void EventIds_All_AreUniqueAndInTheirBlock()
    {
        var events = Code.All.SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods(Any))
            .Select(method => (method.DeclaringType!.FullName, method.Name, method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(found => found.EventId is not null).ToArray();

        Assert.NotEmpty(events);
        Assert.Empty(events.GroupBy(found => found.EventId).Where(same => same.Count() > 1).Select(same => string.Join(", ", same)));
        Assert.All(events, found =>
            Assert.Contains(EventIds, block =>
                found.FullName!.StartsWith(block.Prefix + ".", StringComparison.Ordinal)
                && found.EventId >= block.First
                && found.EventId <= block.Last));
    }

    [Fact]
    public void PublicTypes_OutsideOfTheContract_AreEntriesAndTheirOptions()
    {
        Assert.DoesNotContain(Code.Host.GetExportedTypes(), type => type.Name != "Program");
        Assert.All(Code.Plugins, plugin =>
        {
            var options = plugin.OptionsType?.GetProperties().Select(key => key.PropertyType.GetElementType() ?? key.PropertyType) ?? [];
            var exported = plugin.GetType().Assembly.GetExportedTypes()
                .Where(type => !type.IsAssignableTo(typeof(IComponent))); // Razor makes its own public
            Assert.Empty(exported.Except([plugin.GetType(), plugin.OptionsType, .. options]));
        });
    }

    [Fact]
    public void TypeNames_All_SayWhatTheyAre() =>
        Assert.DoesNotContain(Code.All.SelectMany(assembly => assembly.GetTypes()), type =>
            Regex.IsMatch(type.Name, "(Manager|Helper|Helpers|Util|Utils|Utility|Processor)$"));

    [Fact]
    public void Files_Sizes_AreReadable()
    {
        var lines = Sizes("src", "plugins");

        Assert.True(lines[lines.Length * 9 / 10].Lines < 200, "nine files of ten have less than 200 lines");
        Assert.True(lines[lines.Length / 2].Lines <= 100, "half of the files have at most 100 lines");
        Assert.True(File.ReadLines(Path.Combine(Code.Repository, "src", "Host", "Program.cs")).Count() < 60, "Program.cs grows");
        Assert.All(Sizes("src", "plugins", "tests", "bench"), file => Assert.True(file.Lines < 300, $"{file}: split it"));
    }

    [Fact]
    public void Lines_All_FitBesideEachOther() => // as .editorconfig says
        Assert.Empty(
            from file in Code.Files("src", "plugins", "tests", "bench", "samples", "templates")
            from line in File.ReadLines(file).Index()
            where line.Item.Length > 140
            select $"{Path.GetRelativePath(Code.Repository, file)}:{line.Index + 1}");

    [Fact]
    public void Projects_All_AreInTheSolution()
    {
        var solution = File.ReadAllText(Path.Combine(Code.Repository, "AptP2P.slnx"));
        var projects = new[] { "src", "plugins", "tests", "bench" }
            .Select(folder => Path.Combine(Code.Repository, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories));

        Assert.All(projects, project =>
            Assert.Contains(Path.GetRelativePath(Code.Repository, project), solution, StringComparison.Ordinal));
    }

    private static (int Lines, string File)[] Sizes(params string[] folders) =>
        [.. Code.Files(folders).Select(file => (Lines: File.ReadLines(file).Count(), File: file)).OrderBy(file => file.Lines)];
}

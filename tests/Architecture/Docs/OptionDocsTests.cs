using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using AptP2P.Host;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>docs/configuration.md has every option, with its default. UPDATE_SNAPSHOTS=1 writes the tables.</summary>
public sealed class OptionDocsTests
{
    private const string Header = "| Key | Default | Allowed | Meaning |";

    [Fact]
    public void ConfigurationTables_ComparedWithTheCode_AreTheSame()
    {
        var sections = HostSections().Concat(PluginSections()).GroupBy(section => section.Name, section => section.Options);

        Assert.Empty(sections.SelectMany(section =>
            DocTable.Compare("configuration.md", $"## [{section.Key}]", Header, section.SelectMany(Rows))));
    }

    [Fact]
    public void HostOptions_Each_HaveASectionAndSayWhatTheyMean()
    {
        Assert.Empty(Code.Host.GetTypes().Where(IsOptions).Except(HostSections().Select(section => section.Options)));
        Assert.All(HostSections().SelectMany(section => Settings.Keys(section.Options)), key =>
            Assert.False(
                string.IsNullOrEmpty(key.GetCustomAttribute<DescriptionAttribute>()?.Description), $"{key.DeclaringType}.{key.Name}"));
    }

    [Fact]
    public void Options_Defaults_AreValidAndCanBeWritten()
    {
        foreach (var (_, type) in HostSections().Concat(PluginSections()))
        {
            var options = Activator.CreateInstance(type)!;
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            Assert.All(Settings.Keys(type), key =>
                Assert.Null(OptionText.TryParse(OptionText.Format(key.GetValue(options)), key.PropertyType, out _)));
        }
    }

    private static IEnumerable<(string Name, Type Options)> HostSections()
    {
        var settings = new Settings(new SettingList());
        var node = settings.Section<NodeOptions>(NodeOptions.Section);
        new ServiceCollection().AddFeatures(settings, node);
        return settings.Sections.SelectMany(section => section.Value, (section, options) => (section.Key, options.GetType()));
    }

    private static IEnumerable<(string Name, Type Options)> PluginSections() =>
        Code.Plugins.Where(plugin => plugin.OptionsType is not null).Select(plugin => (plugin.Name, plugin.OptionsType!));

    private static bool IsOptions(Type type) =>
        type.Name.EndsWith("Options", StringComparison.Ordinal) && type is { IsClass: true, IsNested: false };

    private static IEnumerable<string> Rows(Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var key in Settings.Keys(type))
        {
            var value = OptionText.Format(key.GetValue(defaults));
            var meaning = key.GetCustomAttribute<DescriptionAttribute>()?.Description.Replace("|", "\\|", StringComparison.Ordinal);
            yield return $"| `{key.Name}` | {(value.Length == 0 ? "(empty)" : $"`{value}`")} | {AllowedValues.Describe(key)} | {meaning} |";
        }
    }
}

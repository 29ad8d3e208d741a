using System.ComponentModel;
using System.Reflection;
using AptP2P.Host.Configuration;

namespace AptP2P.Host.Daemon;

/// <summary>What <c>--help</c> prints. Made from the options themselves, so that it cannot be out of date.</summary>
internal static class Help
{
    private const int Width = 100; // of a terminal that shows it without wrapping most defaults

    /// <param name="output">Takes the help.</param>
    /// <param name="errors">Takes what is wrong with the topic.</param>
    /// <param name="settings">With every section bound.</param>
    /// <param name="topic">Nothing, <see cref="CommandLine.All"/>, or a section.</param>
    /// <returns>The process's exit code.</returns>
    public static int Write(TextWriter output, TextWriter errors, Settings settings, string topic)
    {
        var sections = settings.Sections.Where(section => section.Value.Count > 0).ToList();
        var isAll = topic.Equals(CommandLine.All, StringComparison.OrdinalIgnoreCase);
        if (topic.Length == 0)
        {
            WriteCommon(output, sections);
            return 0;
        }

        var wanted = sections.FindAll(section => isAll || section.Key.Equals(topic, StringComparison.OrdinalIgnoreCase));
        if (wanted.Count == 0)
        {
            var names = sections.ConvertAll(section => section.Key);
            errors.WriteLine($"""
                command line: there is no help on '{topic}'{Spelling.Suggest(topic, names.Append(CommandLine.All))}
                Write --help, --help {CommandLine.All}, or --help with a section: {string.Join(", ", names)}
                """);
            return Messages.BadConfiguration;
        }

        WriteUsage(output);
        foreach (var (name, bound) in wanted)
        {
            output.WriteLine();
            output.WriteLine($"[{name}]");
            bound.ForEach(options => WriteOptions(output, Defaults(options)));
        }

        return 0;
    }

    private static void WriteCommon(TextWriter output, List<KeyValuePair<string, List<object>>> sections)
    {
        WriteUsage(output);
        foreach (var (title, lines) in HelpLines.Groups)
        {
            var there = lines.Select(line => (line, Default: FindDefault(sections, line))).Where(one => one.Default is not null);
            foreach (var (i, (line, value)) in there.Index())
            {
                output.Write(i == 0 ? $"\n{title}\n" : "");
                output.WriteLine($"  --{line.Section}:{line.Key}={value}");
                WriteWrapped(output, line.Meaning);
            }
        }

        var count = sections.Sum(section => section.Value.Sum(options => Settings.Keys(options.GetType()).Count()));
        output.WriteLine();
        output.WriteLine($"--help {CommandLine.All} lists all {count} options with what they may be, --help Proxy those of one section.");
    }

    private static void WriteUsage(TextWriter output) => output.WriteLine($"""
        apt-p2p: gives apt its packages from peers and mirrors, and shares them. It needs no options.

        Usage: apt-p2p [--config FILE] [--<Section>:<Key>=<value> ...]
               apt-p2p --help [{CommandLine.All} | <Section>] | --version

        Each option is a line Key = value below [Section] in FILE, or an environment variable APTP2P_<Section>__<Key>
        (dots of the section may be underscores), or an argument --<Section>:<Key>=<value>. Later ones win. Values
        shown here are the defaults.
        """);

    private static void WriteOptions(TextWriter output, object defaults)
    {
        foreach (var property in Settings.Keys(defaults.GetType()))
        {
            var value = OptionText.Format(property.GetValue(defaults));
            output.WriteLine($"  {property.Name} ={(value.Length > 0 ? " " : "")}{value}  ({AllowedValues.Describe(property)})");
            if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
            {
                WriteWrapped(output, description.Description);
            }
        }
    }

    private static string? FindDefault(List<KeyValuePair<string, List<object>>> sections, HelpLine line) => sections
        .Where(section => section.Key == line.Section)
        .SelectMany(section => section.Value, (_, options) => (options, Key: options.GetType().GetProperty(line.Key)))
        .Where(found => found.Key is not null)
        .Select(found => OptionText.Format(found.Key!.GetValue(Defaults(found.options))))
        .FirstOrDefault();

    /// <summary>Not what is configured, which may be secret.</summary>
    private static object Defaults(object options) => Activator.CreateInstance(options.GetType())!;

    private static void WriteWrapped(TextWriter output, string text)
    {
        const string Indent = "      ";
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && Indent.Length + line.Length + 1 + word.Length > Width)
            {
                output.WriteLine(Indent + line);
                line = "";
            }

            line += line.Length > 0 ? $" {word}" : word;
        }

        output.WriteLine(Indent + line);
    }
}

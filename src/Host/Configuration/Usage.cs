using System.ComponentModel;
using System.Reflection;

namespace AptP2P.Host.Configuration;

/// <summary>What <c>--help</c> prints: made from the options themselves, so that it cannot be out of date.</summary>
internal static class Usage
{
    public static void Write(TextWriter output, Settings settings)
    {
        output.WriteLine("""
            apt-p2p: gives apt its packages from peers and mirrors, and shares them.

            Usage: apt-p2p [--config FILE] [--<Section>:<Key>=<value> ...]
                   apt-p2p --help | --version

            Each option is a line Key = value below [Section] in FILE, or an environment variable APTP2P_<Section>__<Key>
            (dots of the section may be underscores), or an argument --<Section>:<Key>=<value>. Later ones win.
            """);
        foreach (var (name, bound) in settings.Sections.Where(section => section.Value.Count > 0))
        {
            output.WriteLine();
            output.WriteLine($"[{name}]");
            foreach (var options in bound)
            {
                WriteOptions(output, Activator.CreateInstance(options.GetType())!);
            }
        }
    }

    private static void WriteOptions(TextWriter output, object defaults)
    {
        foreach (var property in Settings.Keys(defaults.GetType()))
        {
            output.WriteLine($"  {property.Name} = {OptionText.Format(property.GetValue(defaults))}");
            if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
            {
                output.WriteLine($"      {description.Description}");
            }
        }
    }
}

namespace AptP2P.Host.Configuration;

/// <summary>What was asked for when the daemon was started. Nothing is ignored: an argument that means nothing is a problem.</summary>
internal sealed class CommandLine
{
    public const string All = "all";

    public string? ConfigFile { get; private set; }

    /// <summary>Of what help was asked for: nothing for what most people need, <see cref="All"/>, or a section.</summary>
    public string? Help { get; private set; }

    public bool Version { get; private set; }

    public List<Setting> Settings { get; } = [];

    public List<string> Problems { get; } = [];

    public static CommandLine Read(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            switch (argument)
            {
                case "--help" or "-h":
                    line.Help = i + 1 < arguments.Count && !arguments[i + 1].StartsWith('-') ? arguments[++i] : "";
                    break;
                case "--version":
                    line.Version = true;
                    break;
                case "--config" when i + 1 < arguments.Count:
                    line.ConfigFile = arguments[++i];
                    break;
                case "--config":
                    line.Problems.Add("command line: --config needs a file");
                    break;
                default:
                    line.Take(argument);
                    break;
            }
        }

        return line;
    }

    private void Take(string argument)
    {
        var equals = argument.IndexOf('=');
        if (equals < 0 || !argument.StartsWith("--", StringComparison.Ordinal))
        {
            Problems.Add($"command line: '{argument}' is not understood; write --<Section>:<Key>=value, or see --help");
            return;
        }

        var (name, value) = (argument[2..equals], argument[(equals + 1)..]);
        if (name == "config")
        {
            ConfigFile = value;
        }
        else if (name == "help")
        {
            Help = value;
        }
        else if (name.Split(':') is [{ Length: > 0 } section, { Length: > 0 } key])
        {
            Settings.Add(new Setting(section, key, value, $"command line: --{name}"));
        }
        else
        {
            Problems.Add($"command line: '{argument}' is not understood; write --<Section>:<Key>=value, such as --Host:Port=9977");
        }
    }
}

using System.Collections;

namespace AptP2P.Host.Configuration;

/// <summary>
/// All that the file, credentials, the environment and the command line say; later ones win. Also what could not be understood.
/// </summary>
internal sealed class SettingList
{
    private const string EnvironmentPrefix = "APTP2P_";

    private readonly List<Setting> _settings = [];

    public IReadOnlyList<Setting> Settings => _settings;

    public List<string> Problems { get; } = [];

    public static SettingList Read(CommandLine commandLine, IDictionary environment)
    {
        var list = new SettingList();
        if (commandLine.ConfigFile is { } file)
        {
            IniFile.Read(file, list);
        }

        Credentials.AddTo(list, environment);
        list.AddEnvironment(environment);
        list.AddRange(commandLine);
        return list;
    }

    public void Add(Setting setting) => _settings.Add(setting);

    public void AddRange(CommandLine commandLine)
    {
        _settings.AddRange(commandLine.Settings);
        Problems.AddRange(commandLine.Problems);
    }

    /// <summary>The setting that counts: the last one written.</summary>
    public Setting? Find(string section, string key) =>
        _settings.FindLast(setting => SectionKeyComparer.Instance.Equals((setting.Section, setting.Key), (section, key)));

    /// <summary><c>APTP2P_Source_Mirror__ConnectTimeout</c>: shells allow no dot in a name, so an underscore may stand for it.</summary>
    public void AddEnvironment(IDictionary environment)
    {
        foreach (DictionaryEntry variable in environment)
        {
            AddVariable("environment", (string)variable.Key, (string?)variable.Value ?? "");
        }
    }

    /// <summary>Adds a setting that is named like an environment variable. Other names are somebody else's.</summary>
    /// <param name="from">Where it was found, for messages.</param>
    /// <param name="name">Such as <c>APTP2P_Host__Port</c>.</param>
    /// <param name="value">What it says.</param>
    public void AddVariable(string from, string name, string value)
    {
        if (!name.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
        {
            return;
        }

        var parts = name[EnvironmentPrefix.Length..].Split("__");
        if (parts is [{ Length: > 0 } section, { Length: > 0 } key])
        {
            _settings.Add(new Setting(section, key, value, $"{from}: {name}"));
        }
        else
        {
            Problems.Add(
                $"{from}: {name} is not understood; write {EnvironmentPrefix}<Section>__<Key>, such as {EnvironmentPrefix}Host__Port");
        }
    }

    /// <summary>Gives sections that were written with underscores the name that they have.</summary>
    public void Rename(string sectionName)
    {
        var underscored = sectionName.Replace('.', '_');
        for (var i = 0; i < _settings.Count; i++)
        {
            if (string.Equals(_settings[i].Section, underscored, StringComparison.OrdinalIgnoreCase))
            {
                _settings[i] = _settings[i] with { Section = sectionName };
            }
        }
    }
}

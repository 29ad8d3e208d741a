using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Configuration;

/// <summary>
/// The configuration, section by section. Each feature and each plugin binds its own, once; errors are gathered, so that the operator sees
/// all of them at once (docs/configuration.md).
/// </summary>
internal sealed class Settings(SettingList written)
{
    private readonly OrderedDictionary<string, List<object>> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _absent = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong so far, each with its place and what to do.</summary>
    public List<string> Problems { get; } = [.. written.Problems];

    /// <summary>The sections and their options, in the order in which they were bound.</summary>
    public IEnumerable<KeyValuePair<string, List<object>>> Sections => _sections;

    public static Settings Read(CommandLine commandLine, IDictionary environment) => new(SettingList.Read(commandLine, environment));

    /// <summary>Binds a section to its class. What cannot be bound keeps its default and is listed in <see cref="Problems"/>.</summary>
    public T Section<T>(string name) where T : class, new() => (T)Section(name, typeof(T));

    /// <summary>Binds a section to a class that is known only at run time. Several classes may share a section.</summary>
    public object Section(string name, Type optionsType)
    {
        if (_sections.GetValueOrDefault(name)?.Find(bound => bound.GetType() == optionsType) is { } known)
        {
            return known;
        }

        Know(name);
        var bound = Bind(name, optionsType);
        Add(name, bound);
        return bound.Options;
    }

    /// <summary>Makes options and says what is wrong with them. Changes nothing here, since their class may be foreign code.</summary>
    public BoundSection Bind(string name, Type optionsType)
    {
        var bound = new BoundSection(Activator.CreateInstance(optionsType)!, []);
        foreach (var property in Keys(optionsType))
        {
            if (written.Find(name, property.Name) is { } setting)
            {
                Set(bound, property, setting);
            }
        }

        Validate(name, bound);
        return bound;
    }

    /// <summary>Takes what <see cref="Bind"/> has made, for a section that is known.</summary>
    public void Add(string name, BoundSection bound)
    {
        _sections[name].Add(bound.Options);
        Problems.AddRange(bound.Problems);
    }

    /// <summary>Tells that a section exists, though it may have no keys.</summary>
    public void Know(string name)
    {
        if (_sections.TryAdd(name, []))
        {
            written.Rename(name);
        }
    }

    public bool Knows(string name) => _sections.ContainsKey(name);

    /// <summary>Tells that a section belongs to a plugin that could not be loaded: nobody knows its keys.</summary>
    public void Excuse(string name)
    {
        _absent.Add(name);
        written.Rename(name);
    }

    /// <summary>To be called when every section is bound: adds the keys and sections that nobody knows.</summary>
    public void FindUnknown()
    {
        foreach (var setting in written.Settings.Where(setting => !_absent.Contains(setting.Section)))
        {
            if (!_sections.TryGetValue(setting.Section, out var bound))
            {
                Problems.Add($"{setting.Place}: there is no section {setting.Section}{Spelling.Suggest(setting.Section, _sections.Keys)}");
                continue;
            }

            var keys = bound.SelectMany(options => Keys(options.GetType())).Select(property => property.Name).ToArray();
            if (!keys.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
            {
                Problems.Add(
                    FindFormer(bound, setting.Key) is { } former
                        ? $"{setting.Place}: [{setting.Section}] {former.Key}: {former.Now}"
                        : $"{setting.Place}: [{setting.Section}] has no key {setting.Key}{Spelling.Suggest(setting.Key, keys)}");
            }
        }
    }

    /// <summary>Registers each bound class as <see cref="IOptions{TOptions}"/>.</summary>
    public void AddTo(IServiceCollection services)
    {
        foreach (var options in _sections.Values.SelectMany(bound => bound))
        {
            var wrapper = Activator.CreateInstance(typeof(OptionsWrapper<>).MakeGenericType(options.GetType()), options)!;
            services.AddSingleton(typeof(IOptions<>).MakeGenericType(options.GetType()), wrapper);
        }
    }

    /// <summary>The keys of a section: every property that can be set.</summary>
    public static IEnumerable<PropertyInfo> Keys(Type optionsType) =>
        optionsType.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    private static FormerKeyAttribute? FindFormer(List<object> bound, string key) =>
        bound.SelectMany(options => options.GetType().GetCustomAttributes<FormerKeyAttribute>())
            .FirstOrDefault(former => string.Equals(former.Key, key, StringComparison.OrdinalIgnoreCase));

    private static void Set(BoundSection bound, PropertyInfo property, Setting setting)
    {
        if (OptionText.TryParse(setting.Value, property.PropertyType, out var value) is { } problem)
        {
            bound.Problems.Add($"{setting.Place}: {problem}");
        }
        else
        {
            property.SetValue(bound.Options, value);
        }
    }

    private void Validate(string section, BoundSection bound)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(bound.Options, new ValidationContext(bound.Options), results, validateAllProperties: true);
        foreach (var result in results)
        {
            var place = result.MemberNames.Select(key => written.Find(section, key)?.Place).FirstOrDefault(place => place is not null)
                ?? $"[{section}]";
            bound.Problems.Add($"{place}: {result.ErrorMessage}");
        }
    }
}

/// <summary>Options as they were made.</summary>
/// <param name="Options">With what is written, as far as it could be read.</param>
/// <param name="Problems">What is wrong with the rest.</param>
internal sealed record BoundSection(object Options, List<string> Problems);

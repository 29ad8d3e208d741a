using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;

namespace AptP2P.Host.Configuration;

/// <summary>Between an option's text and its value, both ways, for each type that <see cref="IPlugin.OptionsType"/> allows.</summary>
internal static class OptionText
{
    private delegate bool Parser(string text, out object? value);

    /// <summary>Types that .NET does not parse as people write them, or that need a better word in an error.</summary>
    private static readonly Dictionary<Type, (Parser? Parser, string Expected)> Known = new()
    {
        [typeof(TimeSpan)] = (ParseDuration, $"a time; write {Duration.Forms}"),
        [typeof(IPNetwork)] = (ParseNetwork, "a network; write 192.168.0.0/16, fd00::/8 or a single address"),
        [typeof(IPEndPoint)] = (ParseEndPoint, "an address with a port, such as 192.0.2.7:9977 or [2001:db8::7]:9977"),
        [typeof(IPAddress)] = (null, "an IP address"),
        [typeof(ByteSize)] = (null, "a size; write 64KiB, 100MB or a number of bytes"),
        [typeof(bool)] = (null, "true or false"),
    };

    /// <returns>What is wrong with the text, or <see langword="null"/> when nothing is.</returns>
    public static string? TryParse(string text, Type type, out object? value)
    {
        if (type.IsArray)
        {
            return TryParseList(text, type.GetElementType()!, out value);
        }

        var plain = Nullable.GetUnderlyingType(type) ?? type;
        value = null;
        if (text.Length == 0 && plain != type)
        {
            return null;
        }

        if (plain == typeof(string))
        {
            value = text;
            return null;
        }

        if (plain.IsEnum)
        {
            var names = Enum.GetNames(plain);
            var valid = names.Contains(text, StringComparer.OrdinalIgnoreCase); // not by Enum.TryParse alone, which takes any number
            value = valid ? Enum.Parse(plain, text, ignoreCase: true) : null;
            return valid ? null : $"'{text}' is not one of {string.Join(", ", names)}";
        }

        var known = Known.GetValueOrDefault(plain);
        var parser = known.Parser ?? ParserOf(plain);
        if (parser(text, out value))
        {
            return null;
        }

        return known.Expected is { } expected ? $"'{text}' is not {expected}"
            : plain.IsPrimitive ? $"'{text}' is not a number that fits"
            : InOwnWords(plain, text) ?? $"'{text}' is not a valid {plain.Name}";
    }

    /// <summary>How a value would be written in a configuration.</summary>
    public static string Format(object? value) => value switch
    {
        null => "",
        string text => text,
        TimeSpan duration => Duration.Format(duration),
        bool truth => truth ? "true" : "false",
        IPNetwork network when network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8 => network.BaseAddress.ToString(),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Format)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string? TryParseList(string text, Type elementType, out object? value)
    {
        var texts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var elements = Array.CreateInstance(elementType, texts.Length);
        value = elements;
        for (var i = 0; i < texts.Length; i++)
        {
            if (TryParse(texts[i], elementType, out var element) is { } problem)
            {
                return problem;
            }

            elements.SetValue(element, i);
        }

        return null;
    }

    private static bool ParseDuration(string text, out object? value)
    {
        var valid = Duration.TryParse(text, out var duration);
        value = duration;
        return valid;
    }

    private static bool ParseNetwork(string text, out object? value)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            value = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        var valid = IPNetwork.TryParse(text, out var network);
        value = network;
        return valid;
    }

    private static bool ParseEndPoint(string text, out object? value)
    {
        var valid = IPEndPoint.TryParse(text, out var endPoint) && endPoint.Port != 0; // .NET takes a bare address for one with port 0
        value = endPoint;
        return valid;
    }

    /// <summary>What a type of a feature or a plugin says of a text that it cannot read.</summary>
    private static string? InOwnWords(Type type, string text) =>
        type.Assembly == typeof(object).Assembly || type.Assembly == typeof(IPAddress).Assembly
            ? null
            : (string?)
                typeof(OptionText)
                    .GetMethod(nameof(FailToParse), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(type)
                    .Invoke(null, [text]);

    private static string? FailToParse<T>(string text) where T : IParsable<T>
    {
        try
        {
            T.Parse(text, CultureInfo.InvariantCulture);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private static Parser ParserOf(Type type) =>
        type.GetInterfaces()
            .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>) && i.GetGenericArguments()[0] == type)
            ? typeof(OptionText)
                .GetMethod(nameof(ParseAs), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type)
                .CreateDelegate<Parser>()
            : throw new NotSupportedException($"An option cannot have the type {type}; it must be IParsable<{type.Name}>.");

    private static bool ParseAs<T>(string text, out object? value) where T : IParsable<T>
    {
        var valid = T.TryParse(text, CultureInfo.InvariantCulture, out var result);
        value = result;
        return valid;
    }
}

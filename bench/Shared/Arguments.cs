using System.Globalization;
using System.Reflection;

namespace AptP2P.Bench;

/// <summary>A program's arguments, each <c>--name=value</c> or <c>--name</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    private Arguments()
    {
    }

    /// <summary>Whether a run of a few seconds is wanted, which shows that it works and not what is faster.</summary>
    public bool Quick => _values.ContainsKey("quick");

    /// <param name="arguments">As given.</param>
    /// <param name="known">What there is; <c>quick</c> and <c>scratch</c> are always.</param>
    public static Arguments Read(IEnumerable<string> arguments, params string[] known)
    {
        var read = new Arguments();
        string[] all = ["quick", "scratch", .. known];
        foreach (var argument in arguments)
        {
            var parts = argument.Split('=', 2);
            if (!all.Contains(parts[0].TrimStart('-')))
            {
                throw new UsageException($"'{argument}' is not understood; there are {string.Join(", ", all.Select(name => $"--{name}"))}");
            }

            read._values[parts[0].TrimStart('-')] = parts.Length > 1 ? parts[1] : "";
        }

        return read;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    public int Number(string name, int otherwise, int quick)
    {
        var value = Text(name, "");
        return value.Length == 0 ? (Quick ? quick : otherwise)
            : int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number
            : throw new UsageException($"--{name}={value} is no number");
    }

    public WorkFolder CreateFolder() => new(Text("scratch", WorkFolder.DefaultScratch));

    /// <summary>Runs a benchmark; what the user can mend is said in one line.</summary>
    public static async Task<int> RunAsync(Func<Task> benchmark)
    {
        try
        {
            if (Build("Configuration") != "Release")
            {
                Console.WriteLine("This is a debug build: its figures mean nothing. Use dotnet run -c Release.");
            }

            await benchmark();
            return 0;
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary>What the build knew.</summary>
    public static string Build(string key) =>
        typeof(Arguments).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;
}

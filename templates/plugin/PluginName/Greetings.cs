using AptP2P;
using Microsoft.Extensions.Options;

namespace PluginName;

/// <summary>A section of the status page, and of its JSON.</summary>
public sealed class Greetings(IOptions<Settings> settings) : IStatusSection
{
    public string Key => "greetings";

    public string Title => "Greetings";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
        new([new StatusValue("greeting", "Greeting", settings.Value.Greeting)]);
}

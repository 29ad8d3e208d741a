using System.Runtime.CompilerServices;
using AptP2P.Testing.InMemory;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>A source of origins that opens those of a content which it has, each by its own address.</summary>
internal sealed class OriginsByName(params InMemoryChannel[] channels) : ISource
{
    public string Name => "mirror";

    public SourceRole Role => SourceRole.Origin;

    public async IAsyncEnumerable<IChannel> OpenAsync(
        Content content, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var channel in content.Origins.SelectMany(origin => channels.Where(channel => channel.Name == origin.Authority)))
        {
            channel.Reopen();
            yield return channel;
        }
    }
}

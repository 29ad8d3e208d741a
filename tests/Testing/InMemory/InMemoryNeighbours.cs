using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AptP2P.Testing.InMemory;

/// <summary>Neighbours that appear when the test says so.</summary>
public sealed class InMemoryNeighbours : INeighbours
{
    private readonly Channel<(IPEndPoint EndPoint, TaskCompletionSource Taken)> _found =
        Channel.CreateUnbounded<(IPEndPoint, TaskCompletionSource)>();

    public void Appear(IPEndPoint endPoint) => _found.Writer.TryWrite((endPoint, new TaskCompletionSource()));

    /// <summary>One gives a sign of life.</summary>
    /// <returns>Done when whoever listens has taken note of it.</returns>
    public Task AppearAsync(IPEndPoint endPoint)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _found.Writer.TryWrite((endPoint, taken));
        return taken.Task;
    }

    public async IAsyncEnumerable<IPEndPoint> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (endPoint, taken) in _found.Reader.ReadAllAsync(cancellationToken))
        {
            yield return endPoint;
            taken.SetResult();
        }
    }
}

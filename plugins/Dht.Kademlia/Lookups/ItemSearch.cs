using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>
/// Gets an immutable item (<see href="https://www.bittorrent.org/beps/bep_0044.html">BEP 44</see>): the first value whose SHA-1 is the
/// target, whoever gives it.
/// </summary>
internal sealed class ItemSearch(NodeId target) : ILookupSink
{
    private readonly TaskCompletionSource<byte[]?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Lookup> _running = [];

    /// <summary>The item, bencoded; <see langword="null"/> if nobody has it.</summary>
    public Task<byte[]?> Item => _result.Task;

    public void Start(NodeParts parts)
    {
        var plan = new LookupPlan(KrpcMethod.Get, target, parts.Options.Parallelism);
        foreach (var family in parts.Families.All)
        {
            _running.Add(new Lookup(family, plan, parts, this));
            if (family.IsMixed)
            {
                _running.Add(new Lookup(family, plan with { Near = true }, parts, this)); // what is put on near nodes only
            }
        }

        foreach (var lookup in _running.ToArray()) // a look-up that knows nobody ends at once and leaves the list
        {
            lookup.Start(parts.Entrances.For(lookup.Family));
        }
    }

    public void Found(byte[] item) => _result.TrySetResult(item);

    public void Cancel()
    {
        foreach (var lookup in _running.ToArray())
        {
            lookup.Cancel();
        }
    }

    public bool IsSatisfied => _result.Task.IsCompleted;

    public void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer)
    {
        if (!answer.Value.IsEmpty && !answer.IsMutable && NodeId.HashOf(answer.Value) == target)
        {
            Found(answer.Value.ToArray());
            Cancel();
        }
    }

    public void Ended(Lookup lookup)
    {
        _running.Remove(lookup);
        if (_running.Count == 0)
        {
            _result.TrySetResult(null);
        }
    }
}

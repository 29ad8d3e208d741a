using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Answering;

/// <summary>
/// Limits the rate of any number of parties in fixed memory. Parties share cells by a keyed hash, so that a stranger cannot choose a cell.
/// A party that shares its cell with a flood is refused with it. With some thousand cells that is rare; and a table with an entry for each
/// party would grow with the flood.
/// </summary>
internal sealed class RateLimit
{
    private readonly Cell[] _cells;
    private readonly float _perSecond;
    private readonly float _burst;
    private readonly ulong _oneKey;
    private readonly ulong _otherKey;

    public RateLimit(int cells, int perSecond, int burst, Random random)
    {
        (_cells, _perSecond, _burst) = (new Cell[cells], perSecond, burst);
        (_oneKey, _otherKey) = ((ulong)random.NextInt64() | 1, (ulong)random.NextInt64());
    }

    /// <summary>Takes an amount from what a party may still do.</summary>
    public bool TryTake(UdpEndpoint party, TimeSpan now, float amount = 1)
    {
        ref var cell = ref _cells[IndexOf(party)];
        var milliseconds = (uint)now.TotalMilliseconds;
        var refill = (milliseconds - cell.Refilled) * _perSecond / 1000;
        cell.Spent = Math.Max(0, cell.Spent - refill);
        cell.Refilled = milliseconds;
        if (cell.Spent + amount > _burst)
        {
            return false;
        }

        cell.Spent += amount;
        return true;
    }

    /// <summary>
    /// Mixes both halves of a product with secret numbers, as wyhash does: only the random source decides, nothing else of the process.
    /// </summary>
    private int IndexOf(UdpEndpoint party)
    {
        var high = Math.BigMul(party.V6High ^ _oneKey, (party.V6Low + (ulong)party.Port) ^ _otherKey, out var low);
        return (int)((high ^ low) % (ulong)_cells.Length);
    }

    private struct Cell
    {
        public float Spent;
        public uint Refilled;
    }
}

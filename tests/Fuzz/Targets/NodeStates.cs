using AptP2P.Dht.Kademlia.State;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// The DHT's state file behind its checksum: it is refused in one way, and what is read of it can be written and read again.
/// </summary>
internal static class NodeStates
{
    public static void Check(ReadOnlySpan<byte> input)
    {
        if (Read(input) is { } state)
        {
            var written = NodeStateCodec.Encode(state).Span;
            var again = Read(written);
            Assert.NotNull(again);
            Assert.Equal(
                (state.IdV4, state.IdV6, state.Nodes.Count, state.Announced.Count, state.Contacts.Count, state.Items.Count),
                (again.IdV4, again.IdV6, again.Nodes.Count, again.Announced.Count, again.Contacts.Count, again.Items.Count));
            Assert.True(NodeStateCodec.Encode(again).Span.SequenceEqual(written), "what was written is not read as it was written");
        }
    }

    private static NodeState? Read(ReadOnlySpan<byte> bytes)
    {
        var allowance = Allowance.Begin();
        try
        {
            return NodeStateCodec.Decode(bytes);
        }
        catch (InvalidDataException)
        {
            return null; // the file is set aside
        }
        finally
        {
            allowance.End(bytes.Length, each: 64, fixedCost: 8 << 10);
        }
    }
}

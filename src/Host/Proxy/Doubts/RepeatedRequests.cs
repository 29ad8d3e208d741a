using System.Net;

namespace AptP2P.Host.Proxy.Doubts;

/// <summary>
/// Remembers which files were given whole to whom: one who asks for the same again at once did not like it, as apt after a hash mismatch.
/// A table of fixed size in which the newest stays, read and written without a lock: asking for what is stored must stay as cheap as it is,
/// and what was forgotten is only noticed later.
/// </summary>
internal sealed class RepeatedRequests(TimeProvider time)
{
    private const int SlotBits = 15; // 256 KiB: some twenty machines that install a desktop

    private readonly long[] _given = new long[1 << SlotBits]; // who and what in the upper half, the second in the lower
    private readonly long _start = time.GetTimestamp();

    /// <summary>A client got all of a file.</summary>
    /// <param name="client">Who.</param>
    /// <param name="hash">What.</param>
    /// <param name="isNew">Whether it was given while it was fetched, so that its bytes were verified just then.</param>
    public void Given(IPAddress client, ContentHash hash, bool isNew = false)
    {
        var key = KeyOf(client, hash, isNew);
        Volatile.Write(ref _given[SlotOf(key)], (TagOf(key) << 32) | Now);
    }

    /// <summary>How long ago this client got all of this file, if that is remembered.</summary>
    public TimeSpan? SinceGiven(IPAddress client, ContentHash hash, bool isNew = false)
    {
        var key = KeyOf(client, hash, isNew);
        var slot = Volatile.Read(ref _given[SlotOf(key)]);
        return slot != 0 && slot >> 32 == TagOf(key) ? TimeSpan.FromSeconds(Now - (uint)slot) : null;
    }

    private uint Now => (uint)time.GetElapsedTime(_start).TotalSeconds + 1;

    /// <summary>
    /// Mixes both into all bits, as MurmurHash3 ends (public domain): one multiplication alone carries only upwards, so that the lower
    /// half, which is the tag, would say nothing of the client.
    /// </summary>
    private static long KeyOf(IPAddress client, ContentHash hash, bool isNew)
    {
        var key = ((ulong)(uint)client.GetHashCode() << 32) | (uint)(isNew ? ~hash.GetHashCode() : hash.GetHashCode());
        key = (key ^ (key >> 33)) * 0xFF51AFD7ED558CCD;
        key = (key ^ (key >> 33)) * 0xC4CEB9FE1A85EC53;
        return (long)(key ^ (key >> 33));
    }

    private static int SlotOf(long key) => (int)((ulong)key >> (64 - SlotBits));

    private static long TagOf(long key) => (int)key;
}

namespace AptP2P.Fuzz;

/// <summary>Holds a reader to the memory that its input may cost: what it allocates, not what it keeps.</summary>
internal readonly struct Allowance
{
    private readonly long _before;

    private Allowance(long before) => _before = before;

    public static Allowance Begin() => new(GC.GetAllocatedBytesForCurrentThread());

    /// <summary>To be called when it has read.</summary>
    /// <param name="input">Bytes that came in.</param>
    /// <param name="each">Bytes that each of them may cost.</param>
    /// <param name="fixedCost">Bytes that an empty input may cost.</param>
    public void End(int input, int each, int fixedCost)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
        var allowed = fixedCost + ((long)input * each);
        if (allocated > allowed)
        {
            throw new AllowanceException($"{allocated} bytes allocated for an input of {input}; {allowed} are allowed");
        }
    }
}

/// <summary>More was allocated than is allowed.</summary>
internal sealed class AllowanceException(string message) : Exception(message);

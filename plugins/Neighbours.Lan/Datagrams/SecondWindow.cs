namespace AptP2P.Neighbours.Lan.Datagrams;

/// <summary>So many of something in each second.</summary>
internal sealed class SecondWindow(int limit, TimeProvider time)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private long _began = time.GetTimestamp();
    private int _taken;

    /// <summary>How long until there is room again.</summary>
    public TimeSpan Rest => Second - time.GetElapsedTime(_began) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;

    public bool TryTake()
    {
        if (time.GetElapsedTime(_began) >= Second)
        {
            (_began, _taken) = (time.GetTimestamp(), 0);
        }

        return _taken++ < limit;
    }
}

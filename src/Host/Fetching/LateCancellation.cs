namespace AptP2P.Host.Fetching;

/// <summary>For those who may come to cancel when all is over.</summary>
internal static class LateCancellation
{
    /// <summary>Cancels, unless there is nobody any more to hear of it.</summary>
    public static void CancelIfLeft(this CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // All has ended.
        }
    }
}

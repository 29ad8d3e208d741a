using AptP2P.Host.Fetching;

namespace AptP2P.Host.Tests.Fetching;

/// <summary>Reads what a fetch brings into memory.</summary>
internal static class FetchReading
{
    public static async Task<int> ReadAsync(this FetchReader reader, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var part = reader.Take(destination.Length);
        for (var position = part.Start; position < part.End;)
        {
            position += await reader.Bytes.ReadAsync(
                position, destination[(int)(position - part.Start)..(int)part.Length], cancellationToken);
        }

        return (int)part.Length;
    }
}

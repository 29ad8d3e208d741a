using Microsoft.Extensions.Logging;

namespace AptP2P.Dht.Kademlia.State;

/// <summary>
/// A node's state on disk. The node goes on whatever is wrong with the file: a damaged one is set aside, and what could not be written is
/// written at the next save.
/// </summary>
internal sealed partial class SavedState(string path, ILogger logger)
{
    private readonly StateFile _file = new(path);

    /// <returns><see langword="null"/> if nothing was saved, or if it is damaged.</returns>
    public async Task<NodeState?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _file.ReadAsync(cancellationToken) is { } bytes ? NodeStateCodec.Decode(bytes) : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            LogDamaged(_file.DamagedPath, exception.Message);
            SetAside();
            return null;
        }
    }

    public async Task WriteAsync(NodeState state, CancellationToken cancellationToken)
    {
        try
        {
            await _file.WriteAsync(NodeStateCodec.Encode(state), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(exception.Message);
        }
    }

    private void SetAside()
    {
        try
        {
            _file.SetAside();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotSetAside(exception.Message); // the next save replaces it, if anything can be written there
        }
    }

    [LoggerMessage(
        2002, LogLevel.Warning, "The DHT's saved state is damaged ({Reason}); it is set aside as {Path} and the node begins anew")]
    private partial void LogDamaged(string path, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "The DHT's state could not be saved: {Reason}")]
    private partial void LogNotSaved(string reason);

    [LoggerMessage(2020, LogLevel.Warning, "The DHT's damaged state could not be set aside: {Reason}")]
    private partial void LogNotSetAside(string reason);
}

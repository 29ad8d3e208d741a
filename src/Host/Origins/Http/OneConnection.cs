namespace AptP2P.Host.Origins.Http;

/// <summary>
/// Keeps .NET's HTTP client from asking a server four times that closes each new connection without an answer: it takes that for a kept
/// connection which has ended, and for those alone it may ask again. Behind TLS, whose handshake is an answer too, that cannot be told
/// apart.
/// </summary>
internal sealed class OneConnection(Stream connection) : Stream
{
    private static readonly HttpRequestOptionsKey<OneConnection> Key = new("AptP2P.OneConnection");

    private bool _hasSpoken;
    private bool _hasEnded; // without a word

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Makes a connection for a request. Another request may come to use it, and this one a kept connection that has ended.
    /// </summary>
    /// <exception cref="HttpIOException">The one that was made for it before has ended without an answer.</exception>
    public static async ValueTask<Stream> ConnectAsync(HttpRequestMessage request, Func<ValueTask<Stream>> connect)
    {
        if (request.Options.TryGetValue(Key, out var before) && before._hasEnded)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, "it closed the connection without an answer");
        }

        var connection = new OneConnection(await connect());
        request.Options.Set(Key, connection);
        return connection;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _hasSpoken ? connection.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override int Read(Span<byte> buffer) => connection.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => connection.Read(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.WriteAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => connection.Write(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override void Flush() => connection.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var read = await connection.ReadAsync(buffer, cancellationToken);
            _hasSpoken |= read > 0;
            _hasEnded |= read == 0 && buffer.Length > 0;
            return read;
        }
        catch (IOException)
        {
            _hasEnded = true;
            throw;
        }
    }
}

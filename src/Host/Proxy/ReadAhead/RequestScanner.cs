using System.Buffers;
using AptP2P.Host.Proxy.Requests;

namespace AptP2P.Host.Proxy.ReadAhead;

/// <summary>
/// Finds the heads of requests in a connection's bytes, in whatever portions they come. It only looks; Kestrel decides what they mean.
/// </summary>
/// <param name="found">Told of each head.</param>
internal sealed class RequestScanner(RequestScanner.HeadFound found) : IDisposable
{
    private byte[] _begun = []; // the beginning of a head whose end has not come
    private int _begunLength;
    private long _body; // bytes to come that are no head

    internal delegate void HeadFound(RequestHead head);

    /// <summary>Whether nothing more will be found: something came that is not to be guessed at.</summary>
    public bool IsStopped { get; private set; }

    public void Scan(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            Scan(segment.Span);
        }
    }

    public void Scan(ReadOnlySpan<byte> bytes)
    {
        while (!IsStopped && !bytes.IsEmpty)
        {
            var taken = _body > 0 ? SkipBody(bytes.Length) : _begunLength > 0 ? Complete(bytes) : Begin(bytes);
            bytes = bytes[taken..];
        }
    }

    public void Dispose() => Forget();

    private int SkipBody(int available)
    {
        var skipped = (int)Math.Min(available, _body);
        _body -= skipped;
        return skipped;
    }

    private int Begin(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end >= 0)
        {
            Take(bytes[..(end + 4)]);
            return end + 4;
        }

        return Keep(bytes);
    }

    private int Complete(ReadOnlySpan<byte> bytes)
    {
        var before = _begunLength;
        var kept = Keep(bytes);
        var from = Math.Max(0, before - 3); // the empty line may have begun earlier
        var end = _begun.AsSpan(from, _begunLength - from).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            IsStopped |= _begunLength == RequestHead.MaxLength;
            return kept;
        }

        var length = from + end + 4;
        Take(_begun.AsSpan(0, length));
        Forget();
        return length - before;
    }

    private int Keep(ReadOnlySpan<byte> bytes)
    {
        var kept = Math.Min(bytes.Length, RequestHead.MaxLength - _begunLength);
        if (_begun.Length < _begunLength + kept)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_begunLength + kept);
            _begun.AsSpan(0, _begunLength).CopyTo(larger);
            var length = _begunLength;
            Forget();
            (_begun, _begunLength) = (larger, length);
        }

        bytes[..kept].CopyTo(_begun.AsSpan(_begunLength));
        _begunLength += kept;
        return kept;
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (!RequestHead.TryParse(bytes, out var head))
        {
            IsStopped = true;
            return;
        }

        _body = head.BodyLength;
        IsStopped = !head.HasSuccessor;
        found(head);
    }

    private void Forget()
    {
        if (_begun.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_begun);
        }

        (_begun, _begunLength) = ([], 0);
    }
}

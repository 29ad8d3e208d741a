using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Testing.InMemory;

/// <summary>Shared contents in memory, whole ones and ones of which only some pieces are there.</summary>
public sealed class InMemorySharedContents : ISharedContents
{
    private readonly ConcurrentDictionary<ContentHash, InMemorySharedContent> _contents = new();

    /// <summary>
    /// Shares a content. <paramref name="have"/> says which pieces can be read; without it all. <paramref name="passes"/> says which only a
    /// peer vouches for.
    /// </summary>
    public ContentHash Share(
        ReadOnlyMemory<byte> content, PieceList? pieces = null, Func<int, bool>? have = null, Func<int, bool>? passes = null)
    {
        var hash = ContentHash.Of(content.Span);
        _contents[hash] = new InMemorySharedContent(content, pieces, have, passes);
        return hash;
    }

    /// <summary>No longer shares a content.</summary>
    public void Withdraw(ContentHash hash) => _contents.TryRemove(hash, out _);

    /// <summary>Contents opened and not closed since.</summary>
    public int OpenCount => _contents.Values.Sum(content => content.OpenCount);

    public ValueTask<ISharedContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken) =>
        new(_contents.GetValueOrDefault(hash)?.Open());

    public ValueTask<bool> HasAsync(ContentHash hash, CancellationToken cancellationToken) =>
        new(_contents.TryGetValue(hash, out var content) && content.IsComplete);
}

/// <summary>One content of <see cref="InMemorySharedContents"/>.</summary>
public sealed class InMemorySharedContent(ReadOnlyMemory<byte> content, PieceList? pieces, Func<int, bool>? have, Func<int, bool>? passes)
    : ISharedContent
{
    private int _open;

    public PieceList? Pieces => pieces;

    public bool IsComplete => have is null;

    public FetchProgress? Progress =>
        have is null ? null : new FetchProgress(Node: 1, Flags(have), Flags(_ => false)) { Passes = passes is null ? [] : Flags(passes) };

    public long Length => content.Length;

    internal int OpenCount => Volatile.Read(ref _open);

    public bool HasPiece(int index) => have is null || have(index);

    public bool PassesPiece(int index) => passes?.Invoke(index) == true;

    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = (int)Math.Min(destination.Length, content.Length - offset);
        for (var at = offset; at < offset + count; at++)
        {
            var piece = (int)(at / PieceList.PieceLengthFor(content.Length));
            if (!HasPiece(piece) && !PassesPiece(piece))
            {
                throw new InvalidOperationException($"Piece {piece} is not verified; nobody may read it.");
            }

            at = ((piece + 1L) * PieceList.PieceLengthFor(content.Length)) - 1;
        }

        content.Slice((int)offset, count).CopyTo(destination);
        return new(count);
    }

    public async ValueTask<bool> SendAsync(HttpContext context, ByteRange part)
    {
        var bytes = new byte[part.Length];
        var count = await ReadAsync(part.Start, bytes, context.RequestAborted);
        var flushed = await context.Response.BodyWriter.WriteAsync(bytes.AsMemory(0, count), context.RequestAborted);
        return count == part.Length && !flushed.IsCompleted;
    }

    public ValueTask DisposeAsync()
    {
        Interlocked.Decrement(ref _open);
        return ValueTask.CompletedTask;
    }

    private ImmutableArray<bool> Flags(Func<int, bool> flag) => [.. Enumerable.Range(0, PieceList.CountFor(content.Length)).Select(flag)];

    internal InMemorySharedContent Open()
    {
        Interlocked.Increment(ref _open);
        return this;
    }
}

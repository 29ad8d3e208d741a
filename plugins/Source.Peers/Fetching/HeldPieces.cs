using System.Collections.Immutable;
using AptP2P.Source.Peers.Messages;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>Which pieces of a content a peer has, by what it last said. A peer that says nothing of them has all.</summary>
internal sealed class HeldPieces(long contentLength)
{
    private FetchProgress? _progress;

    /// <summary>Whether pieces are taken that the peer only passes on.</summary>
    public bool TakesPassed { get; set; } = true;

    /// <summary>What the peer last said of its own fetch; <see langword="null"/> when it has all.</summary>
    public FetchProgress? Progress => Volatile.Read(ref _progress);

    /// <summary>Takes note of an answer about the content.</summary>
    public void Update(HttpResponseMessage response)
    {
        if (Read(response, HaveHeader.Name) is { } has)
        {
            var before = Progress ?? new FetchProgress(Node: 0, has, [.. new bool[has.Length]]);
            Update(before with { Has = has, Passes = Read(response, HaveHeader.Passing) ?? [] });
        }
        else if (response.IsSuccessStatusCode)
        {
            Update((FetchProgress?)null);
        }
    }

    public void Update(FetchProgress? progress) =>
        Volatile.Write(ref _progress, TakesPassed || progress is null ? progress : progress with { Passes = [] });

    public bool Has(ByteRange range) => Progress is not { } progress || progress.Covers(range, PieceList.PieceLengthFor(contentLength));

    private ImmutableArray<bool>? Read(HttpResponseMessage response, string name)
    {
        var count = PieceList.CountFor(contentLength);
        return response.Headers.NonValidated.TryGetValues(name, out var values) && HaveHeader.TryRead(values.ToString(), count) is { } field
            ? BitField.ToFlags(field, count)
            : null;
    }
}

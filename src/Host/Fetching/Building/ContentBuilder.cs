using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Trust;

namespace AptP2P.Host.Fetching.Building;

/// <summary>
/// What is here of a content, what is on its way, and what is believed of it: the one owner of the lock on all that. What it hands out
/// are values; <see cref="ContentWriter"/> brings it bytes, and <see cref="WholeVerification"/> the hash of the whole, which decides.
/// </summary>
internal sealed partial class ContentBuilder : IDisposable
{
    // apt must not be able to complete a file that is not known to be right. A few bytes are enough for that, and few they must be:
    // a slow mirror has to keep apt's 30 s timer from running out.
    private const int HeldBack = 16 << 10;

    private readonly Lock _lock = new();
    private readonly Content _content;
    private readonly FetchChannels _channels;
    private readonly BlockMap _map;
    private readonly OriginDispute _dispute;
    private readonly BlockTrust _blocks;
    private readonly WholeTrust _whole;
    private readonly WholeHash _hash;

    /// <param name="content">What it is to be.</param>
    /// <param name="recovered">What an earlier run has left.</param>
    /// <param name="channels">Who may give it.</param>
    public ContentBuilder(Content content, IReadOnlyList<ByteRange> recovered, FetchChannels channels)
    {
        (_content, _channels, _map) = (content, channels, new BlockMap(content.Length));
        _dispute = new OriginDispute(_map, channels);
        var suspicions = new Suspicions(content);
        _blocks = new BlockTrust(content, _map, suspicions);
        _whole = new WholeTrust(content, _map, _blocks, _dispute, suspicions);
        _hash = new WholeHash(content, _map, _blocks);
        foreach (var range in recovered)
        {
            foreach (var block in _map.Blocks.Where(block => range.Start <= block.Range.Start && block.Range.Start < range.End))
            {
                block.Position = Math.Min(block.Range.End, range.End);
            }
        }
    }

    /// <summary>Pulsed when bytes may be handed out, and when that will never be.</summary>
    public Signal Progress { get; } = new();

    /// <summary>Hears of each channel that is found to have given or said something wrong, and is no origin.</summary>
    public Action<FetchChannel> GaveWrong { get; init; } = _ => { };

    /// <summary>Pulsed when there may be work for a channel that had none.</summary>
    public Signal WorkChanged { get; } = new();

    public long Length => _map.Length;

    /// <summary>Whether it has more than one piece.</summary>
    public bool HasPieces => _blocks.HasPieces;

    // Single values, which are asked for each channel or each request: without the lock.

    /// <inheritdoc cref="BlockMap.LastByte"/>
    public long LastByte => _map.LastByte;

    /// <inheritdoc cref="WholeTrust.IsVerified"/>
    public bool IsVerified => _whole.IsVerified;

    /// <inheritdoc cref="WholeTrust.Doubts"/>
    public int Doubts => _whole.Doubts;

    /// <inheritdoc cref="BlockTrust.CanVerifyPeers"/>
    public bool CanVerifyPeers => _blocks.CanVerifyPeers;

    /// <inheritdoc cref="WholeTrust.PeersDistrusted"/>
    public bool PeersDistrusted => _whole.PeersDistrusted;

    /// <inheritdoc cref="WholeTrust.ArePeersSuspected"/>
    public bool ArePeersSuspected => _whole.ArePeersSuspected;

    /// <summary>Whether one origin has to give everything.</summary>
    public bool WantsOneAnswer => _dispute.HasSole;

    /// <summary>Whether anything is left to fetch, as far as is known.</summary>
    public bool IsAnythingOpen
    {
        get
        {
            lock (_lock)
            {
                return !_map.IsFull;
            }
        }
    }

    /// <inheritdoc cref="BlockMap.OpenBytes"/>
    public long OpenBytes
    {
        get
        {
            lock (_lock)
            {
                return _map.OpenBytes;
            }
        }
    }

    /// <summary>Up to where a reader may read.</summary>
    public long Servable
    {
        get
        {
            lock (_lock)
            {
                return _whole.IsVerified || _whole.IsOriginsOwn
                    ? _content.Length
                    : Math.Clamp(_blocks.Prefix(), 0, Math.Max(0, _content.Length - HeldBack));
            }
        }
    }

    public ReadState ReadState
    {
        get
        {
            lock (_lock)
            {
                return new(Servable, _whole.Doubts, _blocks.WrongFrom);
            }
        }
    }

    /// <summary>Who gave the beginning.</summary>
    public FetchChannel? FirstGiver
    {
        get
        {
            lock (_lock)
            {
                return _map.Blocks is [{ Giver: { } giver }, ..] ? giver : null;
            }
        }
    }

    /// <summary>The origins whose file is not what the index names.</summary>
    public FetchChannel[] DifferingOrigins
    {
        get
        {
            lock (_lock)
            {
                return [.. _dispute.Differing];
            }
        }
    }

    /// <inheritdoc cref="OriginDispute.MayWork"/>
    public bool WantsFrom(FetchChannel origin)
    {
        lock (_lock)
        {
            return _dispute.MayWork(origin);
        }
    }

    /// <inheritdoc cref="WholeTrust.IsPieceGood"/>
    public bool IsPieceGood(int piece)
    {
        lock (_lock)
        {
            return _whole.IsPieceGood(piece);
        }
    }

    /// <inheritdoc cref="WholeTrust.IsPiecePassed"/>
    public bool IsPiecePassed(int piece)
    {
        lock (_lock)
        {
            return _whole.IsPiecePassed(piece);
        }
    }

    /// <summary>How far it is, for other nodes that are getting the content too; nothing when that is of no use to them.</summary>
    /// <param name="node">This node's number.</param>
    /// <param name="bringsAll">Whether it brings in all that is left from the origin, since it knows of nobody else.</param>
    public FetchProgress? ProgressOf(ulong node, bool bringsAll)
    {
        lock (_lock)
        {
            if (_whole.IsVerified)
            {
                return null;
            }

            if (!_blocks.HasPieces)
            {
                return new FetchProgress(node, [false], [bringsAll || _map.Claims.Any(claim => claim.Owner.IsOrigin)]);
            }

            return new FetchProgress(
                node, [.. _map.Blocks.Select(block => _whole.IsPieceGood(block.Index))],
                [.. _map.Blocks.Select(block => block.IsOnItsWayFromOrigin || (bringsAll && !_whole.IsPieceGood(block.Index)))])
            {
                Passes = [.. _map.Blocks.Select(block => _whole.IsPiecePassed(block.Index))],
            };
        }
    }

    /// <summary>Has somebody choose who fills what.</summary>
    public T Plan<T>(Func<BlockMap, T> choose)
    {
        lock (_lock)
        {
            return choose(_map);
        }
    }

    public void Vote(FetchChannel channel, PieceList list)
    {
        lock (_lock)
        {
            _blocks.Vote(channel, list);
        }

        WorkChanged.Pulse();
        Progress.Pulse();
    }

    /// <summary>Names those who lied, now that the truth is known.</summary>
    public void Blame(PieceList? truth)
    {
        lock (_lock)
        {
            _whole.Blame(_channels.All, truth);
        }

        Accuse();
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>Makes accusations, which are a plugin's to hear.</summary>
    private void Accuse()
    {
        Accusation[] accusations;
        lock (_lock)
        {
            accusations = _whole.TakeAccusations();
        }

        foreach (var accusation in accusations)
        {
            GaveWrong(accusation.Accused);
            accusation.Make();
        }
    }
}

using System.Net;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>The nonces that this node has given to others and waits to be asked for.</summary>
internal sealed class Nonces
{
    private readonly Lock _gate = new();
    private readonly List<Nonce> _open = [];

    /// <summary>A new one for a node at an address, until it is disposed of.</summary>
    public Nonce For(IPAddress asked)
    {
        var nonce = new Nonce(this, asked);
        lock (_gate)
        {
            _open.Add(nonce);
        }

        return nonce;
    }

    /// <summary>
    /// Somebody asks <c>/p2p/hello</c>. They are told the hashes of all: these help nobody who does not know the nonce. It proves something
    /// only of the node that was asked: the connection has come from its address.
    /// </summary>
    public IReadOnlyList<string> Asked(IPAddress by)
    {
        lock (_gate)
        {
            foreach (var nonce in _open)
            {
                nonce.HasCome |= by.Equals(nonce.Asked);
            }

            return [.. _open.Select(static nonce => nonce.Hash)];
        }
    }

    internal sealed class Nonce(Nonces all, IPAddress asked) : IDisposable
    {
        public string Text { get; } = ReachMessage.NewNonce();

        public string Hash => ReachMessage.HashOf(Text);

        /// <summary>Whom it was given to.</summary>
        public IPAddress Asked => asked;

        /// <summary>Whether a connection has come from there since.</summary>
        public bool HasCome { get; set; }

        public void Dispose()
        {
            lock (all._gate)
            {
                all._open.Remove(this);
            }
        }
    }
}

using System.Net;
using System.Text;
using AptP2P.Neighbours.Lan.Datagrams;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Neighbours.Lan.Sockets;

namespace AptP2P.Neighbours.Lan.Tests;

/// <summary>A link that carries each datagram to everybody on it, its sender too, as multicast does.</summary>
internal sealed class SimulatedLan
{
    private readonly List<Port> _ports = [];

    /// <summary>All that was said, by whom.</summary>
    public List<(IPAddress Sender, TimeSpan At)> Said { get; } = [];

    /// <summary>Connects a host, by what is its first interface.</summary>
    public Port Connect(string address, TimeProvider time) => new(this, IPAddress.Parse(address), time);

    /// <summary>Has a stranger say something.</summary>
    public void Say(IPAddress sender, string text) => Deliver(sender, Encoding.Latin1.GetBytes(text));

    private void Deliver(IPAddress sender, byte[] datagram)
    {
        foreach (var port in _ports)
        {
            if (port.IsDeaf)
            {
                continue;
            }

            port.Receive?.Invoke(new Arrival(Port.Index, sender, datagram));
        }
    }

    internal sealed class Port(SimulatedLan lan, IPAddress address, TimeProvider time) : IMulticast
    {
        public const int Index = 2;

        private readonly long _began = time.GetTimestamp();

        /// <summary>What is in the way, if anything: then there are no links.</summary>
        public string[] Problems { get; set; } = [];

        /// <summary>How often it was looked for links.</summary>
        public int Refreshes { get; private set; }

        public IPAddress Address { get; set; } = address;

        public bool IsPluggedIn { get; set; } = true;

        /// <summary>Whether what is sent to it gets lost.</summary>
        public bool IsDeaf { get; set; }

        public bool IsDisposed { get; private set; }

        public Action<Arrival>? Receive { get; private set; }

        public LinkReport Refresh(Action<Arrival> receive)
        {
            Refreshes++;
            var isOn = IsPluggedIn && Problems.Length == 0;
            Receive = isOn ? receive : null;
            lan._ports.Remove(this);
            lan._ports.Add(this);
            var network = new IPNetwork(new IPAddress([.. Address.GetAddressBytes()[..3], 0]), 24);
            return new LinkReport(isOn ? [new Link(Index, "eth0", false, Address, null, [network])] : [], 0, Problems);
        }

        public LinkReport Send(Link link, Func<IPEndPoint, byte[]> write)
        {
            lan.Said.Add((Address, time.GetElapsedTime(_began)));
            lan.Deliver(Address, write(new IPEndPoint(IPAddress.Parse("239.192.152.143"), Multicast.Port)));
            return new LinkReport([link], 1, []);
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}

using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Datagrams;
using AptP2P.Neighbours.Lan.Links;
using Microsoft.Extensions.Options;

namespace AptP2P.Neighbours.Lan.Sockets;

/// <summary>The groups of BEP 14, by a socket for each family that other programs of the machine share.</summary>
internal sealed class Multicast : IMulticast
{
    public const int Port = 6771;

    private static readonly IPEndPoint V4 = new(IPAddress.Parse("239.192.152.143"), Port);
    private static readonly IPEndPoint V6 = new(IPAddress.Parse("ff15::efc0:988f"), Port);

    private readonly LanOptions _options;
    private readonly LanEnvironment _self;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly GroupSocket?[] _sockets = [null, null];
    private readonly List<Task> _loops = [];

    public Multicast(IOptions<LanOptions> options, LanEnvironment self, TimeProvider time) =>
        (_options, _self, _time) = (options.Value, self, time);

    public LinkReport Refresh(Action<Arrival> receive)
    {
        var problems = new List<string>();
        Link[] found = [];
        try
        {
            found = Link.Choose(Interface.OfThisMachine(), _options, _self);
        }
        catch (NetworkInformationException exception)
        {
            problems.Add($"the interfaces cannot be read: {exception.Message}");
        }

        foreach (var gone in _sockets.OfType<GroupSocket>())
        {
            gone.LeaveAllBut(found);
        }

        List<Link> joined = [];
        foreach (var link in found)
        {
            var v4 = link.V4 is not null && Join(0, V4, link, receive, problems);
            var v6 = link.V6 is not null && Join(1, V6, link, receive, problems);
            if (v4 || v6)
            {
                joined.Add(link with { V4 = v4 ? link.V4 : null, V6 = v6 ? link.V6 : null });
            }
        }

        return new LinkReport([.. joined], 0, [.. problems.Distinct()]);
    }

    public LinkReport Send(Link link, Func<IPEndPoint, byte[]> write)
    {
        var problems = new List<string>();
        var sent = 0;
        foreach (var (source, group) in ((IPAddress?, IPEndPoint)[])[(link.V4, V4), (link.V6, V6)])
        {
            if (source is null)
            {
                continue;
            }

            try
            {
                GroupSocket.Send(link.Index, source, group, write(group));
                sent++;
            }
            catch (SocketException exception)
            {
                problems.Add($"nothing can be sent to {group} on {link.Name}: {exception.Message}");
            }
        }

        return new LinkReport(sent > 0 ? [link] : [], sent, [.. problems]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        foreach (var socket in _sockets)
        {
            socket?.Dispose();
        }

        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    private bool Join(int family, IPEndPoint group, Link link, Action<Arrival> receive, List<string> problems)
    {
        try
        {
            if (_sockets[family] is not { } socket)
            {
                _sockets[family] = socket = GroupSocket.Bind(group);
                _loops.Add(socket.ReceiveAsync(receive, _time, _stop.Token));
            }

            socket.Join(link.Index);
            return true;
        }
        catch (SocketException exception)
        {
            problems.Add(
                _sockets[family] is null
                    ? $"UDP port {Port} cannot be bound for {group.Address}: {exception.Message}"
                    : $"{group.Address} cannot be joined on {link.Name}: {exception.Message}");
            return false;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Ports.Gateways;
using AptP2P.Testing;
using AptP2P.Testing.Http;

namespace AptP2P.Ports.Tests.Routers;

/// <summary>A planned router behind real sockets, at an address of 127.0.0.0/8.</summary>
internal sealed class LoopbackRouter : IAsyncDisposable
{
    private static readonly IPAddress Client = IPAddress.Loopback;

    private readonly CancellationTokenSource _end = new();
    private readonly UdpClient _mapping;
    private readonly UdpClient _search;
    private readonly FaultyServer _pages;
    private readonly Task _work;

    public LoopbackRouter()
    {
        Gateway = new Gateway(Address, Client);
        _mapping = new UdpClient(new IPEndPoint(Address, 5351));
        _search = new UdpClient(new IPEndPoint(Address, 1900));
        _pages = FaultyServer.Start($"{Address}", default);
        _pages.Otherwise = Serve;
        _work = Task.WhenAll(MapAsync(), SearchAsync());
    }

    public IPAddress Address { get; } = Loopback.Next();

    public Gateway Gateway { get; }

    public PlannedRouter Plan { get; } = new(new VirtualTime());

    /// <summary>What it is asked by HTTP.</summary>
    public FaultyServer Pages => _pages;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pages.DisposeAsync();
        _mapping.Dispose();
        _search.Dispose();
        _end.Dispose();
    }

    private async Task MapAsync()
    {
        while (true)
        {
            var question = await _mapping.ReceiveAsync(_end.Token);
            foreach (var answer in Plan.Answer(Gateway, question.Buffer))
            {
                await _mapping.SendAsync(answer, question.RemoteEndPoint, _end.Token);
            }
        }
    }

    private async Task SearchAsync()
    {
        while (true)
        {
            var question = await _search.ReceiveAsync(_end.Token);
            if (Plan.SpeaksUpnp)
            {
                var answer = $"HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: {_pages.Url("/root.xml")}\r\n\r\n";
                await _search.SendAsync(Encoding.ASCII.GetBytes(answer), question.RemoteEndPoint, _end.Token);
            }
        }
    }

    private Answer Serve(ServedRequest request)
    {
        var body = Encoding.UTF8.GetString(request.Body.Span);
        var call = request["SOAPAction"] is { } action ? new RouterCall(action.Trim('"'), body) : null;
        var page = Plan.Serve(Gateway, call);
        return page is null ? Answer.Error(404) : Answer.Of(page.Body) with { Status = page.Status };
    }
}

using System.Net.Sockets;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Igd;

/// <summary>The Internet Gateway Device of UPnP, 1 and 2. For IPv6 there is PCP: few routers let pinholes be made by this one.</summary>
internal sealed class IgdProtocol(IRouterNetwork network, TimeProvider time, Random random, TimeSpan patience) : IMappingProtocol
{
    private const int MaxStrays = 64; // datagrams that are no new answer: a flood must not keep us busy
    private const int MaxDescriptions = 4; // that are fetched of one router

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1); // a lost one is sent again

    public string Name => "UPnP";

    public bool IsFor(AddressFamily family) => family == AddressFamily.InterNetwork;

    public async Task<IRouterDialog?> FindAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        using var socket = network.OpenSearch(gateway);
        if (socket is null)
        {
            return null;
        }

        var buffer = new byte[SearchAnswer.MaxLength];
        var seen = new HashSet<Uri>();
        var strays = 0;
        var (wait, left) = (FirstWait, patience);
        while (left > TimeSpan.Zero)
        {
            wait = wait < left ? wait : left;
            using var limit = new CancellationTokenSource(wait, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                foreach (var request in SearchAnswer.Requests)
                {
                    if (!await socket.SendAsync(request, either.Token))
                    {
                        return null;
                    }
                }

                while (strays < MaxStrays && seen.Count < MaxDescriptions)
                {
                    var length = await socket.ReceiveAsync(buffer, either.Token);
                    if (length < 0)
                    {
                        return null;
                    }

                    if (SearchAnswer.Read(buffer.AsSpan(0, length), gateway.Address) is { } location && seen.Add(location))
                    {
                        if (await DescribeAsync(gateway, location, cancellationToken) is { } dialog)
                        {
                            return dialog;
                        }
                    }
                    else
                    {
                        strays++;
                    }
                }

                return null;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                (left, wait) = (left - wait, wait * 2);
            }
        }

        return null;
    }

    /// <summary>A router may have several connections; the one that is up has an address.</summary>
    private async Task<IgdDialog?> DescribeAsync(Gateway gateway, Uri location, CancellationToken cancellationToken)
    {
        var page = await FetchAsync(gateway, location, cancellationToken);
        var dialogs = page is { Status: 200 }
            ? Description.Read(page.Body, location, gateway.Address)
                .Select(service => new IgdDialog(gateway, service, network, time, random, patience)).ToArray()
            : [];
        foreach (var dialog in dialogs)
        {
            if (dialogs.Length > 1 && await dialog.AddressAsync(cancellationToken) is not null)
            {
                return dialog;
            }
        }

        return dialogs.FirstOrDefault();
    }

    private async Task<RouterPage?> FetchAsync(Gateway gateway, Uri location, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await network.FetchAsync(gateway, location, call: null, Description.MaxLength, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}

using System.Net;
using System.Text;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>
/// What strangers may ask of this node to find out whether they can be reached: to connect to the very address that they come from, and
/// nowhere else.
/// </summary>
internal sealed class ReachEndpoints(
    KademliaOptions options, KademliaEnvironment environment, CallBack callBack, ReachRates rates, Nonces nonces,
    IMachineAddresses addresses, ReachMetrics metrics)
{
    /// <summary>Whether an address is one of the world, where being reached means something.</summary>
    public Func<IPAddress, bool> IsElsewhere { get; init; } =
        address => address.Scope() == AddressScope.Public && !addresses.IsNear(address);

    public async Task ReachAsync(HttpContext context)
    {
        var requester = (context.Connection.RemoteIpAddress ?? IPAddress.None).Plain();
        var query = context.Request.Query;
        if (environment.Reach != PeerReach.World || !IsElsewhere(requester))
        {
            await SayAsync(context, "refused", StatusCodes.Status403Forbidden, "This shows nothing of an address like yours.\n");
        }
        else if (!ReachMessage.TryRead(query["nonce"], query["port"], query.ContainsKey("udp") ? $"{query["udp"]}" : null, out var question)
            || question.Tcp < options.LowestPort || question.Udp < options.LowestPort)
        {
            await SayAsync(context, "malformed", StatusCodes.Status400BadRequest, "nonce, port, and udp if it is asked for.\n");
        }
        else if (UdpEndpoint.From(requester, question.Tcp) is var host && !rates.TryEnter(host))
        {
            context.Response.Headers.RetryAfter = "60";
            await SayAsync(context, "too_many", StatusCodes.Status429TooManyRequests, "Too many ask.\n");
        }
        else
        {
            try
            {
                var answer = await callBack.TryAsync(requester, question, context.RequestAborted);
                await SayAsync(context, answer.Tcp ? "yes" : "no", StatusCodes.Status200OK, ReachMessage.Write(answer));
            }
            finally
            {
                rates.Leave(host);
            }
        }
    }

    public Task HelloAsync(HttpContext context)
    {
        if (environment.Reach != PeerReach.World)
        {
            return SayAsync(context, "refused", StatusCodes.Status404NotFound, "This node asks nobody.\n");
        }

        var requester = (context.Connection.RemoteIpAddress ?? IPAddress.None).Plain();
        var hashes = nonces.Asked(requester);
        return SayAsync(context, "hello", StatusCodes.Status200OK, ReachMessage.WriteHello(hashes));
    }

    private async Task SayAsync(HttpContext context, string outcome, int status, string text)
    {
        metrics.Answered(outcome);
        var body = Encoding.ASCII.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}

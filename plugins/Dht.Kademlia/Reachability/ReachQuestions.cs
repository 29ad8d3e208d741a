using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>Asks another node whether it reaches this one.</summary>
internal sealed class ReachQuestions(
    KademliaOptions options, ShortRequests requests, Nonces nonces, TimeProvider time)
{
    /// <returns><see langword="null"/> if it does not say, or says yes although nothing has come from it.</returns>
    public async Task<ReachAnswer?> AskAsync(UdpEndpoint node, ushort tcp, ushort udp, CancellationToken cancellationToken)
    {
        var at = node.ToIPEndPoint();
        using var nonce = nonces.For(at.Address);
        using var limit = new CancellationTokenSource(options.ReachTime * 2, time); // it has as long itself, and has to be reached first
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var path = ReachMessage.PathOf(new ReachQuestion(nonce.Text, tcp, udp));
        var body = await requests.GetAsync(at, path, either.Token);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = body is null ? null : ReachMessage.TryRead(body);
        return answer is { Tcp: true } && !nonce.HasCome ? null : answer;
    }
}

namespace AptP2P.Host.Proxy.Answers;

/// <summary>What every answer of the proxy says about itself.</summary>
internal static class AnswerHeaders
{
    public const string Via = "1.1 apt-p2p";

    public static void Mark(HttpResponse response, ServedFrom from)
    {
        response.Headers.Via = Via;
        response.Headers["X-Cache"] = from.ToHeader();
        Sandbox.ConfineForeign(response);
    }
}

using System.Text;
using AptP2P.Dht.Kademlia.Reachability;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>What nodes say of being reached: a question's values, an answer, a hello.</summary>
internal static class Reaches
{
    private static readonly string Nonce = new('0', 32);

    public static void Check(ReadOnlySpan<byte> input)
    {
        var allowance = Allowance.Begin();
        var answer = ReachMessage.TryRead(input);
        allowance.End(input.Length, each: 0, fixedCost: 0);
        if (answer is { } read)
        {
            Assert.True(
                Encoding.ASCII.GetBytes(ReachMessage.Write(read)).AsSpan().SequenceEqual(input), "an answer is not the one that was read");
        }

        CheckHello(input);
        CheckQuestion(Encoding.Latin1.GetString(input).Split('\n'));
    }

    private static void CheckHello(ReadOnlySpan<byte> input)
    {
        if (ReachMessage.HelloHas(input, Nonce))
        {
            Assert.Contains(ReachMessage.HashOf(Nonce), Encoding.Latin1.GetString(input), StringComparison.Ordinal);
        }
    }

    private static void CheckQuestion(string[] lines)
    {
        if (lines is [var nonce, var port, .. var rest] && ReachMessage.TryRead(nonce, port, rest.FirstOrDefault(), out var question))
        {
            Assert.True(
                question.Tcp >= ReachMessage.LowestPort && question.Udp is null or >= ReachMessage.LowestPort, "a low port was taken");
            Assert.Equal(nonce, question.Nonce);
        }
    }
}

using System.Text;
using AptP2P.Dht.Kademlia.Reachability;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Reachability;

/// <summary>What nodes say of being reached, written and read.</summary>
public sealed class ReachMessageTests
{
    [Fact]
    public void TryRead_AnyAnswerThatWasWritten_IsTheSame() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll<bool, bool?>(
        static (tcp, udp) =>
            ReachMessage.TryRead(Encoding.ASCII.GetBytes(ReachMessage.Write(new(tcp, udp)))) == new ReachAnswer(tcp, udp)));

    [Fact]
    public void TryRead_AnyBytes_AreAnAnswerOnlyIfTheyAreWrittenSo() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll<byte[]>(
        static bytes =>
            ReachMessage.TryRead(bytes) is not { } answer || Encoding.ASCII.GetBytes(ReachMessage.Write(answer)).SequenceEqual(bytes)));

    [Fact]
    public void HelloHas_AnyBytes_HoldNoNonce() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll<byte[]>(
        static bytes => !ReachMessage.HelloHas(bytes, ReachMessage.NewNonce())));

    [Fact]
    public void HelloHas_OneLineOfMany_IsFound()
    {
        string[] nonces = [ReachMessage.NewNonce(), ReachMessage.NewNonce(), ReachMessage.NewNonce()];
        var hello = Encoding.ASCII.GetBytes(ReachMessage.WriteHello(nonces.Select(ReachMessage.HashOf)));

        Assert.All(nonces, nonce => Assert.True(ReachMessage.HelloHas(hello, nonce)));
        Assert.False(ReachMessage.HelloHas(hello.AsSpan(1), nonces[0])); // a part of a line is none
    }

    [Theory]
    [InlineData(1024, null)]
    [InlineData(65535, 40000)]
    public void PathOf_AQuestion_IsWhatIsReadAgain(int tcp, int? udp)
    {
        var question = new ReachQuestion(ReachMessage.NewNonce(), (ushort)tcp, (ushort?)udp);
        var values = ReachMessage.PathOf(question)[(ReachMessage.ReachPath.Length + 1)..].Split('&')
            .Select(static pair => pair.Split('=')).ToDictionary(static pair => pair[0], static pair => pair[1]);

        Assert.True(ReachMessage.TryRead(values["nonce"], values["port"], values.GetValueOrDefault("udp"), out var read));
        Assert.Equal(question, read);
    }
}

using System.Net;
using AptP2P.Host.Proxy.Doubts;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Doubts;

/// <summary>Who was given what.</summary>
public sealed class RepeatedRequestsTests
{
    private static readonly ContentHash Hash = ContentHash.Of([1]);

    private readonly VirtualTime _time = new();
    private readonly RepeatedRequests _requests;

    public RepeatedRequestsTests() => _requests = new RepeatedRequests(_time);

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("::ffff:192.0.2.7")]
    [InlineData("2001:db8::7")]
    public void SinceGiven_ToThisClient_IsHowLongAgo(string client)
    {
        Assert.Null(_requests.SinceGiven(IPAddress.Parse(client), Hash));

        _requests.Given(IPAddress.Parse(client), Hash);
        _time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(TimeSpan.FromHours(3), _requests.SinceGiven(IPAddress.Parse(client), Hash));
    }

    [Fact]
    public void SinceGiven_ToOthersOrOfOtherFiles_Unknown()
    {
        for (byte i = 1; i < 255; i++)
        {
            _requests.Given(new IPAddress([192, 0, 2, i]), Hash);
            _requests.Given(IPAddress.Loopback, ContentHash.Of([i, i]));
        }

        for (var i = 0; i < 65_536; i++) // more than there are places: others' places are met, but not taken for one's own
        {
            Assert.Null(_requests.SinceGiven(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), Hash));
            Assert.Null(_requests.SinceGiven(IPAddress.Loopback, ContentHash.Of([1, (byte)(i >> 8), (byte)i])));
        }
    }

    [Fact]
    public void SinceGiven_ManyFilesSince_MostAreRemembered() // a desktop, asked for again
    {
        ContentHash[] files = [.. Enumerable.Range(0, 1_500).Select(number => ContentHash.Of(BitConverter.GetBytes(number)))];
        Assert.All(files, file => _requests.Given(IPAddress.Loopback, file));

        Assert.InRange(files.Count(file => _requests.SinceGiven(IPAddress.Loopback, file) is not null), 1_400, 1_500);
    }
}

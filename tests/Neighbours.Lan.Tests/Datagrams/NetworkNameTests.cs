using AptP2P.Neighbours.Lan.Datagrams;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests.Datagrams;

public sealed class NetworkNameTests
{
    [Theory]
    [InlineData("", "7f905b770c442750384c492d9f8ec99041dd1f08")]
    [InlineData("secret", "63a3701fe4d3046e63df92921caa333fe8dd0c0c")]
    public void InfohashOf_ASecret_IsWhatTheProtocolSays(string secret, string expected) =>
        Assert.Equal(expected, NetworkName.InfohashOf(new NetworkSecret(secret)));
}

using AptP2P.Host.Plugins.Loading;
using Xunit;

namespace AptP2P.Host.Tests.Plugins.Loading;

public sealed class ContractVersionTests
{
    [Theory]
    [InlineData("0.9.0.0", false)]
    [InlineData("1.0.0.0", true)]
    [InlineData("2.0.0.0", false)]
    public void Check_BuiltFor_FitsOrNot(string built, bool fits) =>
        Assert.Equal(fits, ContractVersion.Check(Version.Parse(built)) is null);
}

using AptP2P.Host.Plugins.Loading;
using Xunit;

namespace AptP2P.Host.Tests.Plugins.Loading;

public sealed class SharedAssembliesTests
{
    [Theory]
    [InlineData("AptP2P.Abstractions", true)]
    [InlineData("System.Diagnostics.DiagnosticSource", true)]
    [InlineData("Microsoft.AspNetCore.Http.Abstractions", true)]
    [InlineData("Microsoft.Extensions.Options", true)]
    [InlineData("System.Collections.Immutable", true)]
    [InlineData("OpenTelemetry.Api", false)]
    [InlineData("Microsoft.Data.Sqlite", false)]
    [InlineData("apt-p2p", false)]
    public void Contains_Assembly_IsSharedOrNot(string name, bool shared) =>
        Assert.Equal(shared, SharedAssemblies.Contains(name));
}

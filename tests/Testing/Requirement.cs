using System.Diagnostics;
using Xunit;

namespace AptP2P.Testing;

/// <summary>What a test needs from the machine.</summary>
public static class Requirement
{
    /// <summary>Ends the test here: skipped on a machine that lacks something, failed in CI, where everything is installed first.</summary>
    /// <returns>Never: it is written as <c>throw Missing(...)</c>, so that the compiler knows that too.</returns>
    public static Exception Missing(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"{what}, and CI must have it");
        }

        Assert.Skip(what);
        return new UnreachableException();
    }
}

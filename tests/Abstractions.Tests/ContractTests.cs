using System.Reflection;
using Xunit;

namespace AptP2P.Abstractions.Tests;

public sealed class ContractTests
{
    private static readonly string ContractFile = typeof(ContractTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "ContractFile").Value!;

    /// <summary>
    /// Plugins built by others depend on each line of contract.txt. A change raises AssemblyVersion in src/Abstractions/Abstractions.csproj
    /// (the second number for an addition, the first for anything else), because the loader knows by it what fits. Then run this test with
    /// UPDATE_SNAPSHOTS=1 and commit the file.
    /// </summary>
    [Fact]
    public void PublicTypes_ComparedWithTheSnapshot_AreTheSame()
    {
        var now = ContractText.Of(typeof(IPlugin).Assembly);
        var then = File.Exists(ContractFile) ? File.ReadAllText(ContractFile) : "";
        if (now != then && Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Assert.False(
                Version(now) == Version(then),
                "The contract changed: raise AssemblyVersion in src/Abstractions/Abstractions.csproj first.");
            File.WriteAllText(ContractFile, now);
            return;
        }

        Assert.True(now == then, $"""
            The contract changed. Raise AssemblyVersion in src/Abstractions/Abstractions.csproj (the second number for an addition,
            the first for anything else), then run this test with UPDATE_SNAPSHOTS=1 and commit contract.txt. Gone (-) and new (+):
            {string.Join(
                '\n',
                then.Split('\n').Except(now.Split('\n')).Select(line => "- " + line).Concat(
                    now.Split('\n').Except(then.Split('\n')).Select(line => "+ " + line))
            )}
            """
        );
    }

    private static string Version(string contract) => contract.Split('\n')[0];
}

using System.Reflection;

namespace AptP2P.Host.Daemon;

internal static class Product
{
    /// <summary>Without the commit that the SDK appends.</summary>
    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

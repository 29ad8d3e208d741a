using FsCheck;
using FsCheck.Fluent;

namespace AptP2P.Host.Tests.Apt;

/// <summary>Properties with a fixed seed, so that a run is the same run everywhere.</summary>
internal static class Property
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20260101, 77);

    public static void Holds<T>(Gen<T> values, Func<T, bool> property) => Check.One(Seeded, Prop.ForAll(Arb.From(values), property));

    public static void Holds<T>(Func<T, bool> property) => Holds(ArbMap.Default.GeneratorFor<T>(), property);
}

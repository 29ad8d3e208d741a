using FsCheck;
using FsCheck.Fluent;

namespace AptP2P.Abstractions.Tests;

/// <summary>Properties with a fixed seed, so that a run is the same run everywhere.</summary>
internal static class Property
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(20260101, 77);

    public static void Holds<T>(Gen<T> values, Func<T, bool> property) => Check.One(Seeded, Prop.ForAll(values.ToArbitrary(), property));

    public static void Holds<T>(Func<T, bool> property) => Check.One(Seeded, Prop.ForAll(property));

    public static void Holds<T, TOther>(Gen<T> values, Gen<TOther> others, Func<T, TOther, bool> property) =>
        Check.One(Seeded, Prop.ForAll(values.ToArbitrary(), others.ToArbitrary(), property));
}

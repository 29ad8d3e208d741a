using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Signatures;

namespace AptP2P.Host.Catalog.Suites;

/// <summary>A suite whose Release is known.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Directory">Where its Release is; ends with a slash.</param>
internal sealed record KnownSuite(long Id, ArchivePath Directory);

/// <summary>What a suite's newest Release says of it.</summary>
/// <param name="Directory">Where it is; ends with a slash.</param>
/// <param name="Root">What its indexes' paths are relative to.</param>
/// <param name="Dated">The Release's own date, if it has one.</param>
/// <param name="Trust">What its signature is worth.</param>
internal sealed record SuiteState(ArchivePath Directory, string Root, DateTimeOffset? Dated, ReleaseTrust Trust);

using AptP2P.Host.Apt.Paths;

namespace AptP2P.Host.Catalog.Suites;

/// <summary>A suite whose Release is known.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Directory">Where its Release is; ends with a slash.</param>
internal sealed record KnownSuite(long Id, ArchivePath Directory);

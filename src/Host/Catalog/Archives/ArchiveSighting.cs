namespace AptP2P.Host.Catalog.Archives;

/// <summary>What was seen of a host, or of a part of it.</summary>
/// <param name="Host">A name in lower case.</param>
/// <param name="Root">Empty for the host and its addresses; else what was asked for with a password, ending with a slash.</param>
/// <param name="IsPublic">Whether all addresses of the host are of the whole internet; no, for what needs a password.</param>
/// <param name="Time">When that was seen last.</param>
internal sealed record ArchiveSighting(string Host, string Root, bool IsPublic, DateTimeOffset Time);

using AptP2P.Host.Apt.Paths;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>A file that has passed whole on its way to a client.</summary>
/// <param name="Origin">Where it came from.</param>
/// <param name="Path">The same, as archives name it.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Modified">When it was last modified, if its mirror says so.</param>
/// <param name="Open">Opens its bytes, as often as they are wanted.</param>
internal sealed record PassedFile(Origin Origin, ArchivePath Path, long Length, DateTimeOffset? Modified, Func<Stream> Open);

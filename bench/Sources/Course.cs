using System.Security.Cryptography;

namespace AptP2P.Bench.Sources;

/// <param name="Seconds">For each class of files, in the order of <see cref="Course.Classes"/>.</param>
/// <param name="FirstByte">The longest wait for a first byte, in seconds.</param>
/// <param name="Restarts">How often a body ended early, so that the client began anew.</param>
internal sealed record Lap(IReadOnlyList<double> Seconds, double FirstByte, int Restarts)
{
    /// <summary>What the mirror sent meanwhile, to what the files have.</summary>
    public double FromMirror { get; init; }
}

/// <summary>A set of files, downloaded one after the other over one connection, as apt does, and checked as apt does.</summary>
internal sealed class Course(Archive archive, int warming)
{
    private const int Attempts = 3; // apt's own patience with one file

    /// <summary>
    /// Sizes in bytes, and how many files of each: small ones are half of an archive's files, the large ones most of its bytes.
    /// </summary>
    public static IReadOnlyList<(string Name, int Size, int Count)> Classes { get; } =
    [("20 kB", 20_000, 20), ("1 MB", 1_000_000, 8), ("30 MB", 30_000_000, 1)];

    /// <summary>Files that only have the daemon's code compiled; nobody announces them.</summary>
    private static readonly int[] Warming = [20_000, 20_000, 20_000, 1_000_000, 1_000_000, 5_000_000];

    public static Course Write(string root) =>
        new(Archive.Write(root, [.. Warming, .. Classes.SelectMany(one => Enumerable.Repeat(one.Size, one.Count))]), Warming.Length);

    public Archive Archive => archive;

    /// <summary>What is measured.</summary>
    public IEnumerable<ArchiveFile> Files => archive.Files.Skip(warming);

    public async Task WarmAsync(Uri source)
    {
        using var client = new Client();
        foreach (var file in archive.Files.Take(warming))
        {
            await client.GetAsync(new Uri(source, file.Path));
        }
    }

    public async Task<Lap> RunAsync(Uri source)
    {
        using var client = new Client();
        var seconds = Classes.Select(_ => 0.0).ToArray();
        var (firstByte, restarts) = (0.0, 0);
        foreach (var file in Files)
        {
            var began = TimeProvider.System.GetTimestamp();
            for (var attempt = 1; ; attempt++)
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var download = await client.GetAsync(new Uri(source, file.Path), hash);
                firstByte = Math.Max(firstByte, download.FirstByte.TotalSeconds);
                if (Convert.ToHexStringLower(hash.GetHashAndReset()) == file.Sha256)
                {
                    break;
                }

                if (download.Length == file.Length || attempt == Attempts)
                {
                    throw new InvalidOperationException($"{source}{file.Path}: wrong bytes, or not whole in {attempt} attempts");
                }

                restarts++;
            }

            seconds[Classes.Select(one => one.Size).ToList().IndexOf(file.Length)] += TimeProvider
                .System.GetElapsedTime(began)
                .TotalSeconds;
        }

        return new Lap(seconds, firstByte, restarts);
    }
}

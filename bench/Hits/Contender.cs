namespace AptP2P.Bench.Hits;

/// <summary>A server under load, and what it achieved.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Server">Its process.</param>
/// <param name="Source">What stands before a file's path.</param>
/// <param name="HasFiles">Whether it serves files, and so the large one as well.</param>
internal sealed record Contender(string Name, Server Server, Uri Source, bool HasFiles = true)
{
    public List<Requests> Requests { get; } = [];

    public List<Stream> Streams { get; } = [];

    /// <summary>Has every file in its cache, as seen by the bytes that come back, and for the daemon by what it says.</summary>
    public async Task WarmAsync(Archive archive)
    {
        using var client = new HttpClient();
        foreach (var file in archive.Files)
        {
            await client.GetByteArrayAsync(new Uri(Source, file.Path));
        }

        foreach (var file in archive.Files)
        {
            using var answer = await client.GetAsync(new Uri(Source, file.Path));
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            var isHit = Name != Contestant.AptP2P || answer.Headers.GetValues("X-Cache").Single() == "HIT";
            if (!isHit || (HasFiles && bytes.Length != file.Length))
            {
                throw new InvalidOperationException($"{Name} does not serve {file.Path} from its cache");
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins.Http;

/// <summary>
/// Where the Release of an archive came from, when a redirect led there. The other files of the archive are asked for at the same place, as
/// apt does with indexes: a director that sends each request to another mirror mixes states of the archive.
/// </summary>
internal sealed class ReleaseMirrors(IOptions<RedirectOptions> options, TimeProvider time)
{
    private const int MaxRoots = 1_000; // clients name archives; they must not be able to fill memory

    private readonly ConcurrentDictionary<string, (string Root, long Since)> _roots = new();

    /// <summary>
    /// Where a file is to be asked for in place of its own address. Nothing for a Release: who asks for it wants to know where the archive
    /// is now.
    /// </summary>
    public Uri? Find(Uri file)
    {
        if (_roots.IsEmpty || IsRelease(file))
        {
            return null;
        }

        var address = AddressOf(file);
        var path = address.AsSpan(0, address.AsSpan().IndexOf('?') is var query and >= 0 ? query : address.Length);
        var roots = _roots.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var end = path.LastIndexOf('/') + 1; end > "https://".Length; end = path[..(end - 1)].LastIndexOf('/') + 1)
        {
            if (roots.TryGetValue(path[..end], out var mirror) && time.GetElapsedTime(mirror.Since) < options.Value.KeepMirror)
            {
                return RedirectRule.Exactly(mirror.Root + address[end..]);
            }
        }

        return null;
    }

    /// <summary>Learns from the answer to a Release where its suite and its archive are; from another file's nothing.</summary>
    public void Observe(Uri file, HttpResponseMessage answer)
    {
        if (!IsRelease(file)
            || answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotModified)
            || answer.RequestMessage?.RequestUri is not { } place)
        {
            return;
        }

        var (asked, answered) = (AddressOf(file), AddressOf(place));
        var suite = asked.LastIndexOf('/');
        var dists = asked.LastIndexOf("/dists/", StringComparison.Ordinal);
        Set(asked, answered, suite);
        Set(asked, answered, dists < 0 ? suite : dists);
    }

    /// <summary>It is of no use now.</summary>
    public void Forget(Uri file)
    {
        var address = AddressOf(file);
        foreach (var root in _roots.Keys.Where(root => address.StartsWith(root, StringComparison.Ordinal)))
        {
            _roots.TryRemove(root, out _);
        }
    }

    /// <param name="asked">The Release's own address.</param>
    /// <param name="answered">The one that answered.</param>
    /// <param name="end">Where in the former the root ends, and what both must have in common begins.</param>
    private void Set(string asked, string answered, int end)
    {
        var (root, tail) = (asked[..(end + 1)], asked[end..]);
        if (answered == asked || !answered.EndsWith(tail, StringComparison.Ordinal))
        {
            _roots.TryRemove(root, out _);
            return;
        }

        if (_roots.Count >= MaxRoots)
        {
            _roots.Clear(); // the next Release finds it out again
        }

        _roots[root] = (answered[..(answered.Length - tail.Length + 1)], time.GetTimestamp());
    }

    private static bool IsRelease(Uri file) =>
        file.PathAndQuery.EndsWith("/InRelease", StringComparison.Ordinal)
        || file.PathAndQuery.EndsWith("/Release", StringComparison.Ordinal);

    private static string AddressOf(Uri file) => $"{file.Scheme}://{file.Authority}{file.PathAndQuery}";
}

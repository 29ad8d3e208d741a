using System.Net;
using System.Security.Cryptography;

namespace AptP2P.Bench.Crowd;

/// <summary>Daemons that know an archive's packages and each other, and have none of the packages yet.</summary>
internal sealed class Swarm : IAsyncDisposable
{
    private const int Starting = 4; // at a time: more would only make all of them late
    private const int Entrances = 3; // to the DHT; one alone would be asked by all of them at the same time

    private readonly string _folder;
    private readonly List<(IPEndPoint EndPoint, IAsyncDisposable Life)> _daemons = [];

    private Swarm(string folder) => _folder = folder;

    public IReadOnlyList<IPEndPoint> EndPoints => [.. _daemons.Select(daemon => daemon.EndPoint)];

    /// <summary>Starts them, and returns when each could find the others.</summary>
    public static async Task<Swarm> StartAsync(
        string folder, string block, int count, Uri origin, Func<IPEndPoint, string, string[], Task<IAsyncDisposable>> startAsync)
    {
        var swarm = new Swarm(folder);
        try
        {
            var endPoints = Enumerable.Range(1, count).Select(i => IPEndPoint.Parse($"{block}.{i}.1:9977")).ToList();
            await swarm.StartAsync(endPoints[0], [], startAsync);
            var entrances = $"--Dht.Kademlia:Bootstrap={string.Join(',', endPoints.Take(Entrances))}";
            await Parallel.ForEachAsync(endPoints.Skip(1), new ParallelOptions { MaxDegreeOfParallelism = Starting }, async (endPoint, _) =>
                await swarm.StartAsync(endPoint, [entrances], startAsync));
            await Parallel.ForEachAsync(endPoints, new ParallelOptions { MaxDegreeOfParallelism = Starting }, async (endPoint, _) =>
            {
                await Daemon.WaitAsync(endPoint, "dht", "nodesV4", nodes => nodes >= Math.Min(count - 1, Entrances));
                await Daemon.LearnAsync(endPoint, origin);
            });
            return swarm;
        }
        catch
        {
            await swarm.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many daemons have a file that is not what it should be, once each has stored what it had for its clients.</summary>
    public async Task<int> CountWrongAsync(ArchiveFile file)
    {
        await Parallel.ForEachAsync(EndPoints, async (endPoint, _) =>
            await Daemon.WaitAsync(endPoint, "downloads", "fetched", fetched => fetched > 0));
        return EndPoints.Count(endPoint =>
        {
            using var content = File.OpenRead(Path.Combine(StateOf(endPoint), "content/sha256", file.Sha256[..2], file.Sha256));
            return Convert.ToHexStringLower(SHA256.HashData(content)) != file.Sha256;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_daemons.Select(daemon => daemon.Life.DisposeAsync().AsTask()));
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(
        IPEndPoint endPoint, string[] options, Func<IPEndPoint, string, string[], Task<IAsyncDisposable>> startAsync)
    {
        var life = await startAsync(endPoint, StateOf(endPoint), options);
        lock (_daemons)
        {
            _daemons.Add((endPoint, life));
        }
    }

    private string StateOf(IPEndPoint endPoint) => Path.Combine(_folder, endPoint.Address.ToString());
}

using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Bench.Soak;

/// <summary>
/// Somebody behind a daemon who brings their indexes up to date and gets some packages, again and again, and checks them as apt does.
/// </summary>
internal sealed class User(Uri source, Random random)
{
    private const int Attempts = 4;
    private const int MostFiles = 12;
    private const double LongestPause = 12; // seconds
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    public int Files { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Attempts that ended early, or in an error.</summary>
    public int Failures { get; private set; }

    /// <summary>Whole files with other bytes than the index names, which a mirror may give and apt refuses.</summary>
    public int Wrong { get; private set; }

    /// <summary>Files that were given up.</summary>
    public int Lost { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var connection = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 };
                using var client = new HttpClient(connection) { BaseAddress = source, Timeout = Patience };
                await VisitAsync(client, cancellationToken);
                await PauseAsync(random.NextDouble() * LongestPause, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task VisitAsync(HttpClient client, CancellationToken cancellationToken)
    {
        if (await GetAsync(client, LivingArchive.Release, null, cancellationToken) is not { } release)
        {
            return;
        }

        var (path, hash) = LivingArchive.FindIndex(Encoding.UTF8.GetString(release));
        if (await GetAsync(client, path, hash, cancellationToken) is { } packages)
        {
            var known = LivingArchive.Read(Encoding.UTF8.GetString(packages));
            foreach (var file in random.GetItems([.. known], random.Next(1, MostFiles)))
            {
                Bytes += (await GetAsync(client, file.Path, file.Sha256, cancellationToken))?.Length ?? 0;
            }
        }
    }

    private async Task<byte[]?> GetAsync(HttpClient client, string path, string? sha256, CancellationToken cancellationToken)
    {
        Files++;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                {
                    break;
                }

                var bytes = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
                if (sha256 is null || Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256)
                {
                    return bytes;
                }

                Wrong++;
            }
            catch (Exception e)
                when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                Failures++;
            }

            await PauseAsync(BetweenAttempts.TotalSeconds, cancellationToken);
        }

        Lost++;
        return null;
    }

    private static Task PauseAsync(double seconds, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellationToken);
}

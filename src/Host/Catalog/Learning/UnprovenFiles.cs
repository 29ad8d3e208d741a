using System.Security.Cryptography;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Metadata;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>
/// Finds out which content it is that an archive names without a SHA-256, once it has passed: a body of the right size and digest. Where
/// all archives name what they have by SHA-256, as nearly all do, the question costs nothing.
/// </summary>
internal sealed class UnprovenFiles : IDisposable
{
    private const string Columns = "SELECT u.archive, u.path, u.digest, u.size FROM archive a JOIN unproven u ON u.archive = a.id";

    private readonly Lock _lock = new();
    private readonly CatalogWriter _writer;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _any;
    private readonly SqliteCommand _byName;
    private readonly SqliteCommand _byHash;
    private long _version = -1;
    private bool _hasAny;

    public UnprovenFiles(CatalogDatabase database, CatalogWriter writer)
    {
        _writer = writer;
        _connection = database.OpenReader();
        _any = _connection.Prepare("SELECT EXISTS (SELECT 1 FROM unproven)");
        _byName = _connection.Prepare($"{Columns} AND u.path = $5 WHERE {CatalogReader.InArchive}", Text, Text, Integer, Integer, Text);
        _byHash = _connection.Prepare(
            $"{Columns} AND u.path > $5 AND u.path < $6 AND $7 IN (u.md5, u.sha1, u.sha512) WHERE {CatalogReader.InArchive}",
            Text, Text, Integer, Integer, Text, Text, Blob);
    }

    /// <summary>What is named at this path, if that is all that is known of it.</summary>
    public UnprovenFile? Find(Origin origin) => ArchivePath.TryParse(origin, out var path, out _) ? Find(path) : null;

    /// <summary>Compares what has passed with what is named there, and remembers which content that is.</summary>
    /// <returns>The content, if it is what is named.</returns>
    public async Task<Content?> ProveAsync(MetadataDraft draft, CancellationToken cancellationToken)
    {
        if (draft.HasFailed || Find(draft.Path) is not { } unproven || !unproven.MayBe(draft.Length))
        {
            return null;
        }

        await using var body = draft.OpenBody();
        if (await HashAsync(body, unproven.Digest, cancellationToken) is not { } hash)
        {
            return null;
        }

        await _writer.ProveAsync(unproven, hash, draft.Length, cancellationToken);
        return new Content(hash, draft.Length, [draft.Origin]);
    }

    public void Dispose()
    {
        _any.Dispose();
        _byName.Dispose();
        _byHash.Dispose();
        _connection.Dispose();
    }

    private UnprovenFile? Find(ArchivePath path)
    {
        lock (_lock)
        {
            if (_writer.Version is var version && version != _version)
            {
                _hasAny = (long)_any.ExecuteScalar()! != 0;
                _version = version;
            }

            if (!_hasAny)
            {
                return null;
            }

            using var row = (ByHashPath.TryParse(path.Path, out var byHash)
                ? CatalogReader.In(_byHash, path, byHash.Directory, byHash.Directory + '\uffff', byHash.Digest)
                : CatalogReader.In(_byName, path, path.Path)).ExecuteReader();
            return row.Read() ? new UnprovenFile(row.GetInt64(0), row.GetString(1), (byte[])row.GetValue(2), row.GetInt64(3)) : null;
        }
    }

    /// <returns>The SHA-256, if the digest is right.</returns>
    private static async Task<ContentHash?> HashAsync(Stream body, byte[] digest, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var named = IncrementalHash.CreateHash(digest.Length switch
        {
            MD5.HashSizeInBytes => HashAlgorithmName.MD5, // what an archive names by nothing better, apt takes by nothing better
            SHA1.HashSizeInBytes => HashAlgorithmName.SHA1,
            _ => HashAlgorithmName.SHA512,
        });
        var buffer = new byte[64 << 10];
        for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            sha256.AppendData(buffer, 0, count);
            named.AppendData(buffer, 0, count);
        }

        return named.GetHashAndReset().AsSpan().SequenceEqual(digest) ? new ContentHash(sha256.GetHashAndReset()) : null;
    }
}

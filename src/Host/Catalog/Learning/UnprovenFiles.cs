using System.Security.Cryptography;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Databases;
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
    private readonly TimeProvider _time;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _any;
    private readonly SqliteCommand _byName;
    private readonly SqliteCommand _byHash;
    private long _version = -1;
    private bool _hasAny;

    public UnprovenFiles(CatalogDatabase database, CatalogWriter writer, TimeProvider time)
    {
        (_writer, _time) = (writer, time);
        _connection = database.OpenReader();
        _any = _connection.Prepare("SELECT EXISTS (SELECT 1 FROM unproven)");
        _byName = _connection.Prepare($"{Columns} AND u.path = $5 WHERE {ArchiveMatch.Condition}", ArchiveMatch.Types(Text));
        _byHash = _connection.Prepare(
            $"{Columns} AND u.path > $5 AND u.path < $6 AND $7 IN (u.md5, u.sha1, u.sha512) WHERE {ArchiveMatch.Condition}",
            ArchiveMatch.Types(Text, Text, Blob));
    }

    /// <summary>What is named at this path, if that is all that is known of it.</summary>
    public UnprovenFile? Find(Origin origin) => ArchivePath.TryParse(origin, out var path, out _) ? Find(path) : null;

    /// <summary>Compares what has passed with what is named there, and remembers which content that is.</summary>
    /// <returns>The content, if it is what is named.</returns>
    public async Task<Content?> ProveAsync(PassedFile file, CancellationToken cancellationToken)
    {
        if (Find(file.Path) is not { } unproven || !unproven.MayBe(file.Length))
        {
            return null;
        }

        await using var body = file.Open();
        if (await HashAsync(body, unproven.Digest, cancellationToken) is not { } hash)
        {
            return null;
        }

        await _writer.WriteAsync(catalog => Write(catalog, unproven, hash), cancellationToken);
        return new Content(hash, file.Length, [file.Origin]);
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
                ? _byHash.In(path, byHash.Directory, byHash.Directory + '\uffff', byHash.Digest)
                : _byName.In(path, path.Path)).ExecuteReader();
            return row.Read() ? new UnprovenFile(row.GetInt64(0), row.GetString(1), (byte[])row.GetValue(2), row.GetInt64(3)) : null;
        }
    }

    private long? Write(SqliteConnection catalog, UnprovenFile file, ContentHash hash)
    {
        var name = file.Path.LastIndexOf('/') + 1;
        catalog.Run(
            "INSERT OR REPLACE INTO proven (digest, sha256, size, time) VALUES ($1, $2, $3, $4)",
            file.Digest, hash.ToArray(), file.Size, _time.GetUtcNow().ToUnixTimeSeconds());
        catalog.Run(
            """
            INSERT OR REPLACE INTO named (archive, directory, name, sha256, size, release, md5, sha1, sha512)
            SELECT archive, $3, $4, $5, $6, release, md5, sha1, sha512 FROM unproven
            WHERE archive = $1 AND path = $2 AND digest = $7 AND release > 0
            """,
            file.Archive, file.Path, file.Path[..name], file.Path[name..], hash.ToArray(), file.Size, file.Digest);
        catalog.Run(
            """
            INSERT OR REPLACE INTO file (archive, path, slot, sha256, size, edition)
            SELECT archive, path, slot, $3, $4, edition FROM unproven
            WHERE archive = $1 AND path = $2 AND digest = $5 AND slot > 0
            """,
            file.Archive, file.Path, hash.ToArray(), file.Size, file.Digest);
        return catalog.Run("DELETE FROM unproven WHERE archive = $1 AND path = $2 AND digest = $3", file.Archive, file.Path, file.Digest);
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

using System.Text;
using AptP2P.Host.Apt.Releases;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>Writes what is named by another digest than a SHA-256, unless a file with that digest has passed before.</summary>
internal sealed class UnprovenRows : IDisposable
{
    private readonly SqliteCommand _proven;
    private readonly SqliteCommand _insert;
    private readonly long _now;

    public UnprovenRows(SqliteConnection connection, DateTimeOffset now)
    {
        _now = now.ToUnixTimeSeconds();
        _proven = connection.Prepare(
            "UPDATE proven SET time = $2 WHERE digest = $1 AND size = $3 RETURNING sha256", Blob, Integer, Integer);
        _insert = connection.Prepare(
            """
            INSERT OR REPLACE INTO unproven (archive, path, digest, size, release, slot, edition, md5, sha1, sha512)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            Integer, Text, Blob, Integer, Integer, Integer, Integer, Blob, Blob, Blob);
    }

    /// <summary>An index that a Release names.</summary>
    /// <returns>The same with the SHA-256 that its digest stands for, where that is known.</returns>
    public ReleaseEntry? Add(long archive, string path, long release, UnprovenEntry entry)
    {
        var digest = entry.Digests.MaxBy(one => one.Length)!;
        if (Find(digest, entry.Size) is { } hash)
        {
            return new ReleaseEntry(entry.Name, hash, entry.Size) { OtherDigests = entry.Digests };
        }

        byte[]? Of(int length) => entry.Digests.FirstOrDefault(one => one.Length == length);
        _insert.With(archive, path, digest, entry.Size, release, null, null, Of(16), Of(20), Of(64)).ExecuteNonQuery();
        return null;
    }

    /// <summary>A file that an index names.</summary>
    /// <returns>The SHA-256 that its digest stands for, where that is known.</returns>
    public ContentHash? Add(long archive, ReadOnlySpan<byte> path, long slot, long edition, ReadOnlySpan<byte> digest, long size)
    {
        var bytes = digest.ToArray();
        if (Find(bytes, size) is { } known)
        {
            return known;
        }

        _insert.With(archive, Encoding.UTF8.GetString(path), bytes, size, null, slot, edition, null, null, null).ExecuteNonQuery();
        return null;
    }

    public void Dispose()
    {
        _proven.Dispose();
        _insert.Dispose();
    }

    private ContentHash? Find(byte[] digest, long size)
    {
        using var row = _proven.With(digest, _now, size).ExecuteReader();
        return row.Read() ? row.GetHash(0) : null;
    }
}

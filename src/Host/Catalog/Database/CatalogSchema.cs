namespace AptP2P.Host.Catalog.Database;

/// <summary>
/// archive: who is asked. Scheme '' and port 0 mean that they are not known (apt's lists do not say): both schemes at their own port.
/// suite: its newest Release, by Date; outdated where the same suite under another scheme (one from apt's lists) has a newer one.
/// release, named: each Release that was learned, and the index files that it names. A name keeps a row for each hash that it has had, so
/// that a client with an older InRelease still gets what that one names (#972077 of Launchpad is what happens otherwise). slot, file: each
/// index that was read, whatever its compression, and the files that it names. Another state of it is another edition; rows of an older one
/// mean nothing and wait for being pruned. A slot is current while what was read is what the newest Release names. trust:
/// what its signature is worth (0 not known, 1 good, 2 bad). All releases of a suite are Bad, or none: a better one replaces them, and what
/// rests on them. unproven: what is named, but not by a SHA-256: an index by a Release, or a file by an index. What it is shows when it
/// passes. proven: which content such a digest stands for, since something with it has passed. It outlives what named it. A release without
/// a SHA-256 of its own stands for an index that passed and that no Release names: it names this index alone, and its modified says of when
/// that is. modified: when a content was last modified, whatever names it. sighting: what was seen of a
/// host: whether its addresses are public (root ''), and what it has that is asked for with a password.
/// size -1: an index named this path twice with different hashes, so it identifies nothing.
/// </summary>
internal static class CatalogSchema
{
    /// <summary>A catalog of another version is dropped: it can be learned again.</summary>
    public const int Version = 2;

    public const string Tables = """
        CREATE TABLE IF NOT EXISTS archive (
            id INTEGER PRIMARY KEY, scheme TEXT NOT NULL, host TEXT NOT NULL, port INTEGER NOT NULL, UNIQUE (host, port, scheme));
        CREATE TABLE IF NOT EXISTS suite (
            id INTEGER PRIMARY KEY, archive INTEGER NOT NULL, directory TEXT NOT NULL, root TEXT NOT NULL,
            release INTEGER, outdated INTEGER NOT NULL DEFAULT 0, UNIQUE (archive, directory));
        CREATE TABLE IF NOT EXISTS release (
            id INTEGER PRIMARY KEY AUTOINCREMENT, suite INTEGER NOT NULL, sha256 BLOB NOT NULL, date INTEGER, time INTEGER NOT NULL,
            by_hash INTEGER NOT NULL, trust INTEGER NOT NULL DEFAULT 0, modified INTEGER);
        CREATE INDEX IF NOT EXISTS release_suite ON release (suite);
        CREATE TABLE IF NOT EXISTS named (
            archive INTEGER NOT NULL, directory TEXT NOT NULL, name TEXT NOT NULL, sha256 BLOB NOT NULL, size INTEGER NOT NULL,
            release INTEGER NOT NULL, md5 BLOB, sha1 BLOB, sha512 BLOB, PRIMARY KEY (archive, directory, name, sha256)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS slot (
            id INTEGER PRIMARY KEY, suite INTEGER NOT NULL, name TEXT NOT NULL, version BLOB NOT NULL, edition INTEGER NOT NULL,
            time INTEGER NOT NULL,
            current INTEGER NOT NULL DEFAULT 0, UNIQUE (suite, name));
        CREATE TABLE IF NOT EXISTS file (
            archive INTEGER NOT NULL, path TEXT NOT NULL, slot INTEGER NOT NULL, sha256 BLOB NOT NULL, size INTEGER NOT NULL,
            edition INTEGER NOT NULL,
            PRIMARY KEY (archive, path, slot)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS unproven (
            archive INTEGER NOT NULL, path TEXT NOT NULL, digest BLOB NOT NULL, size INTEGER NOT NULL, release INTEGER, slot INTEGER,
            edition INTEGER,
            md5 BLOB, sha1 BLOB, sha512 BLOB, PRIMARY KEY (archive, path)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS proven (
            digest BLOB PRIMARY KEY, sha256 BLOB NOT NULL, size INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS modified (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, time INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS sighting (
            host TEXT NOT NULL, root TEXT NOT NULL, public INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (host, root)) WITHOUT ROWID;
        """;
}

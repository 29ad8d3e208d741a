namespace AptP2P.Host.Catalog.Database;

/// <summary>The tables of the catalog, each with what a row of it means.</summary>
internal static class CatalogSchema
{
    /// <summary>A catalog of another version is dropped: it can be learned again.</summary>
    public const int Version = 2;

    public const string Tables = """
        -- Who is asked. Scheme '' and port 0 mean that apt's lists do not tell them: both schemes, each at its own port.
        CREATE TABLE IF NOT EXISTS archive (
            id INTEGER PRIMARY KEY, scheme TEXT NOT NULL, host TEXT NOT NULL, port INTEGER NOT NULL, UNIQUE (host, port, scheme));

        -- A suite and its newest Release, by Date. It is outdated where the same suite under another scheme has a newer one.
        CREATE TABLE IF NOT EXISTS suite (
            id INTEGER PRIMARY KEY, archive INTEGER NOT NULL, directory TEXT NOT NULL, root TEXT NOT NULL,
            release INTEGER, outdated INTEGER NOT NULL DEFAULT 0, UNIQUE (archive, directory));

        -- Each Release that was learned. trust is what its signature is worth: 0 not known, 1 good, 2 bad. The Releases of a suite are all
        -- bad, or none is: a better one replaces them and what rests on them. A Release with an empty sha256 stands for an index that
        -- passed and that no Release names; modified is then when that index was last modified.
        CREATE TABLE IF NOT EXISTS release (
            id INTEGER PRIMARY KEY AUTOINCREMENT, suite INTEGER NOT NULL, sha256 BLOB NOT NULL, date INTEGER, time INTEGER NOT NULL,
            by_hash INTEGER NOT NULL, trust INTEGER NOT NULL DEFAULT 0, modified INTEGER);
        CREATE INDEX IF NOT EXISTS release_suite ON release (suite);

        -- The index files that Releases name. A name has a row for each hash that it has had: a client with an older InRelease still
        -- gets what that one names (else it fails as in bug 972077 of Launchpad).
        CREATE TABLE IF NOT EXISTS named (
            archive INTEGER NOT NULL, directory TEXT NOT NULL, name TEXT NOT NULL, sha256 BLOB NOT NULL, size INTEGER NOT NULL,
            release INTEGER NOT NULL, md5 BLOB, sha1 BLOB, sha512 BLOB, PRIMARY KEY (archive, directory, name, sha256)) WITHOUT ROWID;

        -- Each index that was read, whatever its compression. Another state of it is another edition. It is current while what was read is
        -- what the newest Release names.
        CREATE TABLE IF NOT EXISTS slot (
            id INTEGER PRIMARY KEY, suite INTEGER NOT NULL, name TEXT NOT NULL, version BLOB NOT NULL, edition INTEGER NOT NULL,
            time INTEGER NOT NULL,
            current INTEGER NOT NULL DEFAULT 0, UNIQUE (suite, name));

        -- The files that an index names. A row of an older edition means nothing, and waits for being pruned. Size -1: the index named this
        -- path twice with different hashes, so it identifies nothing.
        CREATE TABLE IF NOT EXISTS file (
            archive INTEGER NOT NULL, path TEXT NOT NULL, slot INTEGER NOT NULL, sha256 BLOB NOT NULL, size INTEGER NOT NULL,
            edition INTEGER NOT NULL,
            PRIMARY KEY (archive, path, slot)) WITHOUT ROWID;

        -- What is named, but not by a SHA-256: an index by a Release, or a file by an index. What it is shows when it passes.
        CREATE TABLE IF NOT EXISTS unproven (
            archive INTEGER NOT NULL, path TEXT NOT NULL, digest BLOB NOT NULL, size INTEGER NOT NULL, release INTEGER, slot INTEGER,
            edition INTEGER,
            md5 BLOB, sha1 BLOB, sha512 BLOB, PRIMARY KEY (archive, path)) WITHOUT ROWID;

        -- Which content such a digest stands for, since a file with that digest has passed. It outlives what named it.
        CREATE TABLE IF NOT EXISTS proven (
            digest BLOB PRIMARY KEY, sha256 BLOB NOT NULL, size INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;

        -- When a content was last modified, whatever names it.
        CREATE TABLE IF NOT EXISTS modified (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, time INTEGER NOT NULL);

        -- What was seen of a host: whether its addresses are public (root ''), and which folders of it were asked for with a password.
        CREATE TABLE IF NOT EXISTS sighting (
            host TEXT NOT NULL, root TEXT NOT NULL, public INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (host, root)) WITHOUT ROWID;
        """;
}

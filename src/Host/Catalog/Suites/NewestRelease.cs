using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Suites;

/// <summary>
/// Which Release of a suite counts, and which indexes that were read are those that it names. apt's lists do not tell their scheme, so a
/// suite may be known twice: then the newer of both counts, and what rests on the older answers only where the newer says the same.
/// </summary>
internal static class NewestRelease
{
    private const string Suites =
        """
        SELECT s.id, s.archive, a.scheme, a.port, r.id, r.date, r.trust
        FROM suite own JOIN archive o ON o.id = own.archive JOIN archive a ON a.host = o.host
            JOIN suite s ON s.archive = a.id AND s.directory = own.directory JOIN release r ON r.id = s.release
        WHERE own.id = $1
        """;

    /// <summary>Marks what is current of a suite, under whatever scheme, after one of its Releases or indexes was learned.</summary>
    public static void Settle(SqliteConnection connection, long changed)
    {
        var suites = Find(connection, changed);
        using var outdate = connection.Prepare("UPDATE suite SET outdated = $2 WHERE id = $1", Integer, Integer);
        using var slots = connection.Prepare("SELECT id, name, version FROM slot WHERE suite = $1", Integer);
        using var mark = connection.Prepare("UPDATE slot SET current = $2 WHERE id = $1", Integer, Integer);
        using var named = connection.Prepare(KnownIndexes.Version, Integer, Text, Integer, Text);
        foreach (var suite in suites)
        {
            var newest = suites.Where(suite.MayBe).Aggregate((one, other) => one.IsBefore(other) ? other : one);
            outdate.With(suite.Id, suite.IsBefore(newest)).ExecuteNonQuery();
            foreach (var (slot, name, version) in Slots(slots, suite.Id))
            {
                var split = name.LastIndexOf('/') + 1;
                var current = named.With(newest.Archive, name[..split], newest.Release, name[split..]).ExecuteScalar() as byte[];
                mark.With(slot, current is not null && version.AsSpan().SequenceEqual(current)).ExecuteNonQuery();
            }
        }
    }

    private static List<Suite> Find(SqliteConnection connection, long suite)
    {
        using var command = connection.Prepare(Suites, Integer);
        using var row = command.With(suite).ExecuteReader();
        var found = new List<Suite>();
        while (row.Read())
        {
            found.Add(
                new Suite(
                    row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3), row.GetInt64(4),
                    row.IsDBNull(5) ? null : row.GetInt64(5), row.GetInt32(6) == (int)ReleaseTrust.Bad));
        }

        return found;
    }

    private static List<(long Id, string Name, byte[] Version)> Slots(SqliteCommand command, long suite)
    {
        using var row = command.With(suite).ExecuteReader();
        var found = new List<(long, string, byte[])>();
        while (row.Read())
        {
            found.Add((row.GetInt64(0), row.GetString(1), (byte[])row.GetValue(2)));
        }

        return found;
    }

    private sealed record Suite(long Id, long Archive, string Scheme, int Port, long Release, long? Date, bool IsBad)
    {
        /// <summary>Whether both may be the same, one of them being of a scheme that is not known.</summary>
        public bool MayBe(Suite other) => Id == other.Id || IsUnknownOf(other) || other.IsUnknownOf(this);

        /// <summary>
        /// Of the same date both are the newest; one without a date is judged by when it was learned, and one that apt would refuse is
        /// never the newest.
        /// </summary>
        public bool IsBefore(Suite other) => IsBad != other.IsBad ? IsBad
            : Date is null || other.Date is null ? Release < other.Release : Date < other.Date;

        private bool IsUnknownOf(Suite other) => Scheme == AptListName.UnknownScheme && other.Scheme != AptListName.UnknownScheme
            && (Port == other.Port || (Port == 0 && other.Port == Origin.DefaultPort(other.Scheme)));
    }
}

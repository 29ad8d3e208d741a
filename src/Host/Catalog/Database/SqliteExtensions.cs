using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Database;

/// <summary>Short forms for statements.</summary>
[SuppressMessage(
    "Security", "CA2100:Review SQL queries for security vulnerabilities",
    Justification = "Every text is a constant of this folder; values are parameters.")]
internal static class SqliteExtensions
{
    /// <summary>A statement with parameters $1, $2, ... to be run many times.</summary>
    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, params ReadOnlySpan<SqliteType> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters.Add($"${i + 1}", parameters[i]);
        }

        return command;
    }

    /// <summary>Sets the values of $1, $2, ...</summary>
    public static SqliteCommand With(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    /// <returns>How many rows changed.</returns>
    public static int Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public static T? Scalar<T>(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T?)command.ExecuteScalar();
    }

    public static ContentHash GetHash(this SqliteDataReader row, int column) => new((byte[])row.GetValue(column));
}

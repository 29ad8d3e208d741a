using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Databases;

/// <summary>Short forms for statements.</summary>
[SuppressMessage(
    "Security", "CA2100:Review SQL queries for security vulnerabilities",
    Justification = "Every text is a constant beside its call; values are parameters.")]
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

    /// <summary>Runs a statement with the values of $1, $2, ... once.</summary>
    /// <returns>The number that it gives, if it gives one.</returns>
    public static long? Run(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        }

        return command.ExecuteScalar() as long?;
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

    /// <summary>All rows that a question finds.</summary>
    public static List<T> ReadAll<T>(this SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        var all = new List<T>();
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            all.Add(read(row));
        }

        return all;
    }

    public static ContentHash GetHash(this SqliteDataReader row, int column) => new((byte[])row.GetValue(column));
}

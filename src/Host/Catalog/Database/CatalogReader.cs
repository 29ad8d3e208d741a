using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Database;

/// <summary>The connection that answers requests. Its questions take some microseconds each, and the lock is held for no longer.</summary>
internal sealed class CatalogReader(CatalogDatabase database) : IDisposable
{
    private readonly List<SqliteCommand> _questions = [];

    /// <summary>To be held from setting a question's parameters until its last row was read.</summary>
    public Lock Lock { get; } = new();

    /// <summary>A question with parameters $1, $2, ... to be asked many times.</summary>
    public SqliteCommand Prepare(string sql, params ReadOnlySpan<SqliteType> parameters)
    {
        var question = database.Reader.Prepare(sql, parameters);
        _questions.Add(question);
        return question;
    }

    public void Dispose() => _questions.ForEach(question => question.Dispose());
}

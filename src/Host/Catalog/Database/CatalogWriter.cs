using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Database;

/// <summary>Changes the catalog, one transaction at a time.</summary>
internal sealed class CatalogWriter(CatalogDatabase database) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private long _version;

    /// <summary>Another one after each change after which a question may have another answer.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Runs the statements of one change. All of them count, or none.</summary>
    /// <param name="change">The statements.</param>
    /// <param name="cancellationToken">Ends the wait for its turn.</param>
    /// <param name="changesAnswers">Whether it may change what identifies a content.</param>
    public async Task<T> WriteAsync<T>(
        Func<SqliteConnection, T> change, CancellationToken cancellationToken, bool changesAnswers = true)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            using var transaction = database.Writer.BeginTransaction();
            var result = change(database.Writer);
            transaction.Commit();
            Interlocked.Add(ref _version, changesAnswers ? 1 : 0);
            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}

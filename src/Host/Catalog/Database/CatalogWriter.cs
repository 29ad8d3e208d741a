using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Database;

/// <summary>Changes the catalog, one transaction at a time.</summary>
internal sealed class CatalogWriter(CatalogDatabase database) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private long _version;

    /// <summary>Raised when <see cref="Version"/> is another. Handlers return at once.</summary>
    public event Action? Changed;

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
            if (changesAnswers)
            {
                Interlocked.Increment(ref _version);
                Changed?.Invoke();
            }

            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}

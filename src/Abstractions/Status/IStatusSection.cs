namespace AptP2P;

/// <summary>Something to show on the status page and in its JSON, as data.</summary>
public interface IStatusSection
{
    /// <summary>The key in the JSON, such as <c>dht</c>: lower case, stable.</summary>
    string Key { get; }

    /// <summary>The heading for people.</summary>
    string Title { get; }

    /// <summary>The state now. Cheap: it is called once a second while somebody looks at the page.</summary>
    ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken);
}

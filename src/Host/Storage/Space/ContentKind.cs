namespace AptP2P.Host.Storage.Space;

/// <summary>What a stored content is, as far as people care.</summary>
internal enum ContentKind
{
    /// <summary>No index that is known names it.</summary>
    Other,

    Packages,

    /// <summary>Lists of packages, translations, contents, and what else a Release names.</summary>
    Indexes,

    Sources,
}

/// <summary>What these contents are, by the indexes that name them; those that none names are left out.</summary>
internal delegate IReadOnlyDictionary<ContentHash, ContentKind> ContentKinds(IReadOnlySet<ContentHash> contents);

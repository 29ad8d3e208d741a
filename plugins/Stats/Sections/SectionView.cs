namespace AptP2P.Stats.Sections;

/// <summary>What one section says now.</summary>
internal sealed record SectionView(string Key, string Title, IReadOnlyList<StatusItem> Items);

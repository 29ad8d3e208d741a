namespace AptP2P.Host.Configuration;

/// <summary>One key that somebody wrote, and where, in the words of an error message.</summary>
internal sealed record Setting(string Section, string Key, string Value, string Place);

namespace AptP2P.Bench;

/// <summary>The benchmark cannot run as it was asked to, for a reason that its user can mend.</summary>
internal sealed class UsageException(string message) : Exception(message);

namespace AptP2P;

/// <summary>
/// Something that is wrong now. A section says it only while it lasts; the page shows it at its very top, beside those of all other
/// sections, the worst first.
/// </summary>
/// <param name="Key">The key in the JSON, and the heading's in the help that the page links to: camelCase, stable.</param>
/// <param name="Label">What is wrong, in one sentence with the names and numbers that matter.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Advice">What to do, in one sentence.</param>
public sealed record StatusProblem(string Key, string Label, ProblemSeverity Severity, string Advice) : StatusItem(Key, Label);

/// <summary>How bad a <see cref="StatusProblem"/> is.</summary>
public enum ProblemSeverity
{
    /// <summary>Worth knowing: it works, and could do better.</summary>
    Notice,

    /// <summary>Something does not work as it should; apt is served.</summary>
    Warning,

    /// <summary>apt is not served as it would be without the daemon.</summary>
    Error,
}

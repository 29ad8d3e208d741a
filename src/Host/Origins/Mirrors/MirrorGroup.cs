using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace AptP2P.Host.Origins.Mirrors;

/// <summary>Roots that serve the same files, as an operator writes them: separated by spaces, the preferred ones first.</summary>
[DisplayName("roots of one archive")]
internal sealed record MirrorGroup(ImmutableArray<ArchiveRoot> Roots) : IParsable<MirrorGroup>
{
    public static MirrorGroup Parse(string s, IFormatProvider? provider) =>
        Read(s, out var group) is { } problem ? throw new FormatException(problem) : group!;

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out MirrorGroup result) =>
        Read(s ?? "", out result) is null;

    public override string ToString() => string.Join(' ', Roots);

    private static string? Read(string text, out MirrorGroup? group)
    {
        group = null;
        var roots = ImmutableArray.CreateBuilder<ArchiveRoot>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ArchiveRoot.TryParse(word, out var root) is { } problem)
            {
                return problem;
            }

            if (roots.FirstOrDefault(other => other.Authority == root.Authority) is { } same)
            {
                return $"'{text}' has {root.Authority} twice, as {same} and as {root}: "
                    + "another root of a host is no help when the host is away";
            }

            roots.Add(root);
        }

        if (roots.Count < 2)
        {
            return $"'{text}' is a single root; write all roots that serve the same files, separated by spaces: "
                + "ftp.us.debian.org/debian mirror.example.org/debian";
        }

        group = new MirrorGroup(roots.ToImmutable());
        return null;
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Origins.Mirrors;

/// <summary>Section <c>[Origins]</c>: what to do when an archive's host is in trouble.</summary>
internal sealed class FailoverOptions : IValidatableObject
{
    [Description(
        "Roots that serve the same archive, separated by spaces, the best first; several archives are separated by commas. When the one "
        + "that apt asks for fails, stalls or trickles, the next is used.")]
    public MirrorGroup[] Mirrors { get; set; } = [];

    [Description("Whether another archive that apt uses through this daemon may help out with a file that it has too, by its own index.")]
    public bool UseKnown { get; set; } = true;

    [Description("How long an origin that was in trouble comes after its mirrors.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Avoid { get; set; } = TimeSpan.FromMinutes(1);

    [Description(
        "How long an origin may think about a file without a known hash while there is a mirror that can be asked instead. After its "
        + "first byte no other can take over.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan FirstByte { get; set; } = TimeSpan.FromSeconds(5);

    [Description(
        "How long a client waits for an origin's word on a file that changes under its name (InRelease) while there is a good copy; then "
        + "it is given the copy, and the origin's answer is waited for in the background.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:25")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);

    [Description(
        "It is this many times what the origin usually takes to its first byte, where that is longer: a slow origin is no dead one.")]
    [Range(1, 100)]
    public int PatienceFactor { get; set; } = 3;

    [Description("But never longer than this: apt gives up after 30 s without a byte.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:29")]
    public TimeSpan LongestPatience { get; set; } = TimeSpan.FromSeconds(25);

    [Description(
        "When an origin that does not answer is asked again, in the background, the first time; each pause is twice as long as the one "
        + "before. Until it answers, copies are given at once.")]
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(2);

    [Description("The longest of these pauses: for that long may it go unnoticed that the origin is back.")]
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromMinutes(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        ArchiveRoot[] roots = [.. Mirrors.SelectMany(group => group.Roots)];
        for (var i = 0; i < roots.Length; i++)
        {
            if (roots.Take(i).FirstOrDefault(roots[i].Overlaps) is { } other)
            {
                var problem = other == roots[i]
                    ? $"{other} is listed twice; each root belongs to one archive"
                    : $"{roots[i]} and {other} overlap; it would not be known which mirrors a file below both has";
                yield return new ValidationResult(problem, [nameof(Mirrors)]);
            }
        }
    }
}

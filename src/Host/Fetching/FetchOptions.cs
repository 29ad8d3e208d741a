using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Fetching;

/// <summary>Section <c>[Fetch]</c>: how many fetches there are, and how long one waits for what.</summary>
internal sealed class FetchOptions
{
    [Description("How many files may be fetched at once; more wait their turn. Protects sockets, memory and the mirror.")]
    [Range(1, 10_000)]
    public int Fetches { get; set; } = 200;

    [Description(
        "How long the mirror may send nothing while nobody else has the file: as long as apt waits, which is 30 s, less what it takes to "
        + "tell it. apt then asks again, as it would without us.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(29.5);

    [Description("When the mirror failed in a way after which apt asks again, how long peers are still looked for before apt hears of it.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan LastSearch { get; set; } = TimeSpan.FromSeconds(1);

    [Description(
        "When a mirror's file is not what its index names, how long others are looked for who have the right one, before apt gets it as "
        + "it is.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan SecondOpinion { get; set; } = TimeSpan.FromSeconds(5);

    [Description(
        "How long a client waits for a file that another archive's fetch is bringing, as long as that is getting on well enough to end "
        + "in this time. Nothing of it is handed out before its hash is right; a client that does not wait gets the file as it comes "
        + "from its own archive.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:25")]
    public TimeSpan OthersTime { get; set; } = TimeSpan.FromSeconds(10);

    [Description("How long those who still read from a fetch that has failed may keep whoever wants the file anew waiting.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan LetGo { get; set; } = TimeSpan.FromSeconds(1);

    [Description("How often an idle channel looks whether another one has become slow.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan LookAround { get; set; } = TimeSpan.FromMilliseconds(100);

    [Description(
        "How many channels look around that often; of more, each does so more rarely, so that what they cost together does not grow with "
        + "the square of their number.")]
    [Range(1, 1000)]
    public int LookAroundTogether { get; set; } = 8;

    [Description("For how long the mirror alone is believed after peers gave wrong bytes of a file. apt asks again after seconds.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Distrust { get; set; } = TimeSpan.FromMinutes(10);
}

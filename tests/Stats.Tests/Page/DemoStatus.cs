using System.Collections.Immutable;

namespace AptP2P.Stats.Tests.Page;

/// <summary>Sections as a daemon in the middle of its work says them, with the keys that the page looks for.</summary>
internal sealed class DemoStatus
{
    public static readonly DateTimeOffset Now = new(2026, 11, 28, 14, 2, 30, TimeSpan.Zero);

    /// <summary>The bytes of the download that runs: a test lets it go on.</summary>
    public long Done { get; set; } = 3_000_000;

    /// <summary>What others say, where a test says nothing else.</summary>
    public string Words { get; set; } = "foo_1.2-3_amd64.deb";

    public string Verdict { get; set; } = "world";

    public StatusProblem[] Problems { get; set; } = [];

    public IStatusSection[] Sections =>
    [
        new FakeOf("node", "This node", () => [new StatusValue("uptime", "Running for", 7_260, StatusUnit.Seconds)]),
        new FakeOf("network", "Network", () => [new StatusValue("verdict", "This node is in", Verdict), .. Problems]),
        new FakeOf("traffic", "What it was worth", Traffic),
        new FakeOf("downloads", "Downloads", Downloads),
        new FakeOf("peers", "Peers", Peers),
        new FakeOf("dht", "DHT", Dht),
        new FakeOf("store", "Store", Store),
        new FakeOf("archives", "Archives", Archives),
    ];

    private static IReadOnlyList<StatusItem> Peers() =>
    [
        Table("peers", ["address", "network", "rate", "received", "sent", "seen"],
            ["192.0.2.7:9977", "elsewhere", 2_500_000.0, 61_000_000, 0, Now.AddMinutes(-2)],
            ["192.168.1.20:9977", "this network", 80_000_000.0, 8_000_000, 4_000_000, Now.AddMinutes(-40)]),
        Table("refusals", ["address", "why", "times", "until"], ["198.51.100.3:9977", "wrong bytes", 2, Now.AddHours(1)]),
    ];

    private static IReadOnlyList<StatusItem> Dht() =>
    [
        new StatusValue("running", "Running", true),
        new StatusValue("nodesV4", "IPv4 nodes", 212),
        new StatusValue("nodesV6", "IPv6 nodes", 0),
        new StatusValue("networkSize", "Nodes in the network", 9_012), new StatusValue("lookupTime", "Look-ups", 0.31, StatusUnit.Seconds),
        Table("messages", ["kind", "sent", "answered", "failed", "timeouts", "received", "delay"], ["ping", 12, 11, 0, 1, 4, 0.05]),
    ];

    private static IReadOnlyList<StatusItem> Store() =>
    [
        new StatusValue("files", "Files", 812), new StatusValue("bytes", "Bytes", 2_100_000_000, StatusUnit.Bytes),
        new StatusValue("quota", "Quota", 10_000_000_000, StatusUnit.Bytes), new StatusValue("free", "Free", 900_000_000, StatusUnit.Bytes),
        new StatusValue("oldestUse", "Oldest use", Now.AddDays(-20)),
        Table("kinds", ["kind", "files", "bytes"],
            ["packages", 800, 2_000_000_000], ["indexes", 10, 90_000_000], ["partial", 2, 10_000_000]),
    ];

    private static StatusTable Table(string key, string[] columns, params ImmutableArray<object?>[] rows) =>
        new(key, $"Table of {key}", [.. columns.Select(column => new StatusColumn(column, column))], [.. rows]);

    private IReadOnlyList<StatusItem> Archives() =>
    [
        Table("archives", ["archive", "suite", "dated", "signed", "shared", "why"],
            ["ftp.us.debian.org/debian", "bookworm", Now.AddDays(-3), true, true, null],
            ["apt.example.com/private", Words, Now.AddDays(-9), false, false, "its address is private"]),
    ];

    private IReadOnlyList<StatusItem> Traffic() =>
    [
        .. from span in new[] { "today", "all", "session" }
           from part in new[] { ("Store", 1_000_000_000L), ("Peers", Done), ("Mirror", 200_000_000L), ("Sent", 50_000_000L) }
           select new StatusValue(span + part.Item1, part.Item1, part.Item2, StatusUnit.Bytes),
        new StatusValue("todaySaved", "Saved", 1_000_000_000L + Done, StatusUnit.Bytes),
        new StatusValue("allSince", "Since", Now.AddDays(-100)),
        new StatusHistory(
            "rates", "Rates", StatusUnit.BytesPerSecond,
            [new("store", "From the store"), new("peers", "From peers"), new("mirror", "From mirrors"), new("sent", "To peers")],
            [
                Span("hour", "Hour", TimeSpan.FromMinutes(1), 60), Span("day", "Day", TimeSpan.FromMinutes(15), 96),
                Span("month", "Month", TimeSpan.FromHours(6), 120),
            ]),
    ];

    private IReadOnlyList<StatusItem> Downloads() =>
    [
        Table("running",
            [
                "file", "size", "done", "store", "peers", "mirror", "rate", "left", "peersWorking", "mirrorWorking", "pieces", "piecesDone",
            ],
            [Words, 12_000_000, Done, 0, Done * 2 / 3, Done / 3, 1_500_000.0, 6.0, 4, 1, 23, 5]),
        Table("runs", ["run", "began", "client", "kind", "files", "bytes", "seconds", "store", "peers", "mirror", "sources", "active"],
            [2, Now.AddMinutes(-1), "this machine", "packages", 38, 61_000_000, 3.1, 0, 51_000_000, 10_000_000, 5, true],
            [1, Now.AddMinutes(-9), "192.168.1.9", "update", 1, 9_000, 0.2, 0, 0, 9_000, 0, false]),
        Table("recent", ["time", "file", "name", "run", "from", "bytes", "mirrorBytes", "peerBytes"],
            [Now.AddMinutes(-1), "x.deb", Words, 2, "PEERS", 1_000_000, 0, 1_000_000],
            [Now.AddMinutes(-9), "abcdef", "Packages of bookworm/main amd64", 1, "MISS", 9_000, 9_000, 0]),
    ];

    private StatusSpan Span(string key, string label, TimeSpan step, int count) => new(
        key, label, Now, step,
        [
            .. Enumerable.Range(0, count).Select(index =>
                index is > 20 and < 26 ? default // the daemon was not running
                : index == count - 1 ? [0, Done / 10.0, 0, 0]
                : ImmutableArray.Create<double>([index * 1_000, index % 7 * 40_000, index % 5 * 20_000, index % 3 * 30_000])),
        ]);

    private sealed class FakeOf(string key, string title, Func<IReadOnlyList<StatusItem>> read) : IStatusSection
    {
        public string Key => key;

        public string Title => title;

        public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => new(read());
    }
}

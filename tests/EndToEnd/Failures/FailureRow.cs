namespace AptP2P.EndToEnd.Failures;

/// <summary>How a mirror fails: what it does with the first request for a file, the second, and so on; the last goes on for ever.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Sequence">What it does.</param>
/// <param name="ToRange">What it does with a range, from the second request on.</param>
/// <param name="IsOtherFile">Whether it has another file than its index names. It is asked once more then, by the file's other name or to
/// pass it on as it is.</param>
internal sealed record FailureRow(string Name, Fault[] Sequence, Fault? ToRange = null, bool IsOtherFile = false)
{
    /// <summary>Those in which nobody waits.</summary>
    public static IReadOnlyList<FailureRow> Prompt { get; } =
    [
        new("corrupt", [Faults.Corrupt], IsOtherFile: true),
        new("corrupt once", [Faults.Corrupt, Faults.None], IsOtherFile: true),
        new("cut", [Faults.Cut, Faults.None]),
        new("reset", [Faults.Reset, Faults.None]),
        new("cut always", [Faults.Cut]),
        new("cut and corrupt", [Faults.CutAndCorrupt, Faults.None]),
        new("cut and corrupt, 200 to a range", [Faults.CutAndCorrupt, Faults.None], Faults.Whole),
        new("cut, 200 to a range", [Faults.Cut, Faults.None], Faults.Whole),
        new("cut, lower range", [Faults.Cut, Faults.None], Faults.Lower),
        new("cut, higher range", [Faults.Cut, Faults.None], Faults.Higher),
        new("cut, shifted range", [Faults.Cut, Faults.None], Faults.Shifted),
        new("cut, short range", [Faults.Cut, Faults.None], Faults.Short),
        new("cut, 416 to a range", [Faults.Cut, Faults.None], Faults.Status(416)),
        new("cut, 403 to a range", [Faults.Cut, Faults.None], Faults.Status(403)),
        new("cut, 404 to a range", [Faults.Cut, Faults.None], Faults.Status(404)),
        new("cut, 501 to a range", [Faults.Cut, Faults.None], Faults.Status(501)),
        new("403", [Faults.Status(403)]),
        new("404", [Faults.Status(404)]),
        new("416", [Faults.Status(416)]),
        new("500 twice", [Faults.Status(500), Faults.Status(500), Faults.None]),
        new("500 always", [Faults.Status(500)]),
        new("502 twice", [Faults.Status(502), Faults.Status(502), Faults.None]),
        new("503 twice", [Faults.Status(503), Faults.Status(503), Faults.None]),
        new("503 always", [Faults.Status(503)]),
        new("504 twice", [Faults.Status(504), Faults.Status(504), Faults.None]),
        new("504 always", [Faults.Status(504)]),
        new("429 twice", [Faults.Status(429), Faults.Status(429), Faults.None]),
        new("408 twice", [Faults.Status(408), Faults.Status(408), Faults.None]),
        new("503 without a body", [Faults.StatusAlone(503)]),
        new("503 without a body once", [Faults.StatusAlone(503), Faults.None]),
        new("longer", [Faults.Longer], IsOtherFile: true),
        new("shorter", [Faults.Shorter], IsOtherFile: true),
        new("chunked", [Faults.Chunked]),
        new("chunked and cut", [Faults.ChunkedAndCut, Faults.None]),
        new("no length", [Faults.Unmeasured]),
        new("no length, no type", [Faults.UnmeasuredAndUntyped]),
        new("closes three times", [Faults.Close, Faults.Close, Faults.Close, Faults.None]),
        new("closes always", [Faults.Close]),
    ];

    /// <summary>Those in which apt's patience matters.</summary>
    public static IReadOnlyList<FailureRow> Slow { get; } =
    [
        new("hangs once", [Faults.Hang, Faults.None]),
        new("hangs always", [Faults.Hang]),
        new("stalls once", [Faults.Stall, Faults.None]),
        new("stalls once, 404 to a range", [Faults.Stall, Faults.None], Faults.Status(404)),
    ];

    public Fault At(int number, bool isRange) =>
        isRange && number > 0 && ToRange is not null ? ToRange : Sequence[Math.Min(number, Sequence.Length - 1)];
}

using System.Text;
using AptP2P.Host.Apt.Fields;
using AptP2P.Host.Apt.Indexes;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>A file that an index names, to be compared and written again.</summary>
internal sealed record IndexedFile(string Path, IndexEntryPlace Place, string Digest, long Size);

/// <summary>
/// What holds for every index, below a line with where it is cut: it names the same files however it comes, and in any line ends.
/// </summary>
internal static class Indexes
{
    /// <returns>Those that it names, in one place, of which a line can be written: blanks and CR at its ends are no part of a
    /// value.</returns>
    public static IndexedFile[] Check(ReadOnlySpan<byte> input, IndexEntryPlace place)
    {
        var cuts = InputParts.TakeCuts(ref input);
        var whole = Read(input, default, out var outcome);
        Assert.Equal(whole, Read(input, cuts, out var cutOutcome));
        Assert.Equal(outcome, cutOutcome);
        if (!input.Contains((byte)'\r'))
        {
            var text = Encoding.Latin1.GetString(input).Replace("\n", "\r\n", StringComparison.Ordinal);
            Assert.Equal(whole, Read(Encoding.Latin1.GetBytes(text), cuts, out cutOutcome));
            Assert.Equal(outcome, cutOutcome);
        }

        return [.. whole.Where(file => file.Place == place && file.Path.Trim(' ', '\t', '\r') == file.Path)];
    }

    public static List<IndexedFile> Read(ReadOnlySpan<byte> text, Cuts cuts, out (IndexOutcome Outcome, int Entries, int Skipped) outcome)
    {
        var files = new List<IndexedFile>();
        var measured = 0;
        var measuring = new IndexReader((in _) => measured++);
        var allowance = Allowance.Begin();
        var left = text;
        var lengths = cuts;
        while (!left.IsEmpty && measuring.Push(lengths.TakePiece(ref left)))
        {
        }

        measuring.Complete();
        allowance.End(text.Length, each: 16, fixedCost: 32 << 10);

        var reader = new IndexReader(
            (in entry) =>
                files.Add(
                    new IndexedFile(Encoding.Latin1.GetString(entry.Path), entry.Place, Convert.ToHexString(entry.Digest), entry.Size)));
        while (!text.IsEmpty && reader.Push(cuts.TakePiece(ref text))) { }

        outcome = (reader.Complete(), reader.Entries, reader.Skipped);
        Assert.Equal(files.Count, measured);
        Assert.InRange(reader.Entries, files.Count, ReadingLimits.Entries + ReadingLimits.FilesPerStanza);
        Assert.All(files, static file => Assert.True(file.Size >= 0 && file.Digest.Length is 64 or 128));
        return files;
    }
}

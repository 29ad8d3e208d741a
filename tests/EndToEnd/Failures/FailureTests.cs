using System.Collections.Concurrent;

namespace AptP2P.EndToEnd;

/// <summary>
/// The table of how mirrors fail, each row twice: to apt alone and to apt through the daemon. Through it apt is never worse off: in its exit code, in
/// what it has then, in the run after that; and the mirror is asked no more often, unless that is what apt owes its success to.
/// </summary>
public sealed class FailureTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const int AtOnce = 4; // rows; more are no faster
    private const int Blocks = 120_000; // packages of this length leave something to go on from when they are cut

    private static readonly string[] QuickRetries = ["Acquire::Retries::Delay=false"];
    private static readonly string[] Impatience = [.. QuickRetries, "Acquire::http::Timeout=4", "Acquire::Retries=1"];
    private static readonly string[] ForImpatience = ["--Fetch:Patience=3s", "--Proxy:ActivityTimeout=3s"];

    private readonly ConcurrentQueue<string> _worse = new();

    /// <summary>What apt had of a row.</summary>
    private sealed record Outcome(int ExitCode, int Files, int NextExitCode, int Requests);

    /// <summary>What a row is tried on.</summary>
    /// <param name="Root">The archive.</param>
    /// <param name="PathPart">Which of its files the mirror fails with.</param>
    /// <param name="Package">What is installed; nothing for an update.</param>
    private sealed record Subject(string Root, string PathPart, RepositoryPackage? Package);

    [Fact]
    public async Task Packages_AnyRow_NoWorseThanAlone()
    {
        var packages = Repository.Packages.Where(package => package.Length > Blocks).ToArray();
        var slow = TryAsync("slow", FailureRow.Slow, Impatience, ForImpatience, OfPackage);
        foreach (var (number, rows) in FailureRow.Prompt.Chunk(packages.Length).Index())
        {
            await TryAsync($"prompt{number}", rows, QuickRetries, [], OfPackage); // a daemon has a package only once to get
        }

        await slow;
        Assert.True(_worse.IsEmpty, string.Join("\n\n", _worse));

        Task<Subject> OfPackage(int number) => Task.FromResult(new Subject(Repository.Root, packages[number].Path, packages[number]));
    }

    [Fact]
    public async Task Indexes_AnyRow_NoWorseThanAlone()
    {
        await Task.WhenAll(
            TryAsync("slow", FailureRow.Slow, Impatience, ForImpatience, number => OfIndexAsync($"slow{number}")),
            TryAsync("prompt", FailureRow.Prompt, QuickRetries, [], number => OfIndexAsync($"prompt{number}")));
        Assert.True(_worse.IsEmpty, string.Join("\n\n", _worse));

        async Task<Subject> OfIndexAsync(string name)
        {
            await Repository.PublishAsync(Folder(name), text => $"""
                {text}
                Package: {name}
                Version: 1
                Architecture: amd64
                Maintainer: Nobody <nobody@example.org>
                Filename: pool/{name}.deb
                Size: 1
                SHA256: {new string('0', 64)}
                Description: so that no two rows have the same index

                """);
            return new Subject(Folder(name), "/binary-amd64/", null);
        }
    }

    [Fact]
    public async Task InRelease_AnyRow_NoWorseThanAlone()
    {
        var inRelease = new Subject(Repository.Root, "/InRelease", null);
        await Task.WhenAll(
            TryAsync("slow", FailureRow.Slow, Impatience, ForImpatience, _ => Task.FromResult(inRelease)),
            TryAsync("prompt", FailureRow.Prompt, QuickRetries, [], _ => Task.FromResult(inRelease)));
        Assert.True(_worse.IsEmpty, string.Join("\n\n", _worse));
    }

    private async Task TryAsync(string name, IReadOnlyList<FailureRow> rows, string[] aptOptions, string[] daemonOptions, Func<int, Task<Subject>> subjectOf)
    {
        var daemon = await StartDaemonAsync(name, [.. daemonOptions, "--Origins:UseKnown=false"]); // the other rows' mirrors would help out
        var scenes = rows.Select((row, number) => (row, number, Alone: NextAddress(), Through: NextAddress())).ToArray();
        await Parallel.ForEachAsync(scenes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (scene, _) =>
        {
            var subject = await subjectOf(scene.number);
            var outcomes = await Task.WhenAll(
                RunAsync($"{name}-{scene.number}-alone", scene.row, subject, scene.Alone, null, aptOptions),
                RunAsync($"{name}-{scene.number}-through", scene.row, subject, scene.Through, daemon, aptOptions));
            Compare(scene.row, outcomes[0].Outcome, outcomes[1].Outcome, outcomes[1].Report);
        });
    }

    private async Task<(Outcome Outcome, string Report)> RunAsync(
        string name, FailureRow row, Subject subject, System.Net.IPAddress address, Daemon? daemon, string[] options)
    {
        await using var archive = FaultyArchive.Start(subject.Root, address);
        var apt = NewApt(name).WithBinarySources(Repository.SourceLine(daemon is null ? archive.Address : new Uri(daemon.Address, $"{archive.Authority}/")));
        foreach (var option in options)
        {
            apt.WithOption(option);
        }

        if (subject.Package is not null)
        {
            (await apt.UpdateAsync()).Succeeded();
        }

        archive.Begin(subject.PathPart, row);
        var run = await RunAsync(apt);
        var (requests, files) = (archive.Requests, subject.Package is null ? Directory.GetFiles(apt.Lists, "*_Packages").Length : apt.DownloadedArchives().Count(file => Downloads.Hash(file) == subject.Package.Sha256));
        archive.End();
        var next = await RunAsync(apt);
        return (new Outcome(run.ExitCode, files, next.ExitCode, requests), $"{run}\n{archive}");

        Task<CommandResult> RunAsync(AptRoot root) => subject.Package is { } package ? root.DownloadAsync(package.Name) : root.UpdateAsync();
    }

    private void Compare(FailureRow row, Outcome alone, Outcome through, string report)
    {
        var isBetter = through.ExitCode == 0 && alone.ExitCode != 0;
        var isAskedMore = through.Requests > alone.Requests + (row.IsOtherFile ? 1 : 0);
        if ((through.ExitCode != 0 && alone.ExitCode == 0) || through.Files < alone.Files || (through.NextExitCode != 0 && alone.NextExitCode == 0) || (isAskedMore && !isBetter))
        {
            _worse.Enqueue($"{row.Name}: alone {alone}, through the daemon {through}\n{report}");
        }
    }
}

using System.Collections.Concurrent;

namespace AptP2P.EndToEnd.Failures;

/// <summary>
/// The table of how mirrors fail, each row twice: to apt alone and to apt through the daemon. Through it apt is never worse off: in its
/// exit code, in what it has then, in the run after that; and the mirror is asked no more often, unless that is what apt owes its success
/// to.
/// </summary>
public sealed class FailureTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const int AtOnce = 4; // rows; more are no faster
    private const int Blocks = 120_000; // packages of this length leave something to go on from when they are cut

    private static readonly string[] QuickRetries = ["Acquire::Retries::Delay=false"];
    private static readonly string[] Impatience = [.. QuickRetries, "Acquire::http::Timeout=5", "Acquire::Retries=1"];
    private static readonly string[] ForImpatience = ["--Fetch:Patience=3s", "--Proxy:ActivityTimeout=3s"];

    private readonly ConcurrentQueue<string> _worse = new();

    /// <summary>What apt had of a row.</summary>
    private sealed record Outcome(int ExitCode, int Files, int NextExitCode, int Requests);

    /// <summary>What a row is tried on.</summary>
    /// <param name="Root">The archive.</param>
    /// <param name="PathPart">Which of its files the mirror fails with.</param>
    /// <param name="Packages">What is installed; nothing for an update.</param>
    private sealed record Subject(string Root, string PathPart, params IReadOnlyList<RepositoryPackage> Packages);

    private RepositoryPackage[] LargePackages => [.. Repository.Packages.Where(package => package.Length > Blocks)];

    [Fact]
    public async Task Packages_AnyPromptRow_NoWorseThanAlone()
    {
        foreach (var (number, rows) in FailureRow.Prompt.Chunk(LargePackages.Length).Index())
        {
            await TryAsync($"packages{number}", rows, QuickRetries, [], OfPackageAsync); // a daemon has a package only once to get
        }

        AssertNoneIsWorse();
    }

    [Fact]
    public async Task Indexes_AnyPromptRow_NoWorseThanAlone()
    {
        await TryAsync("indexes", FailureRow.Prompt, QuickRetries, [], OfIndexAsync);
        AssertNoneIsWorse();
    }

    [Fact]
    public async Task InRelease_AnyPromptRow_NoWorseThanAlone()
    {
        await TryAsync("inrelease", FailureRow.Prompt, QuickRetries, [], OfInReleaseAsync);
        AssertNoneIsWorse();
    }

    [Fact]
    public async Task AnyFile_AnySlowRow_NoWorseThanAlone()
    {
        await Task.WhenAll(
            TryAsync("packages", FailureRow.Slow, Impatience, ForImpatience, OfPackageAsync),
            TryAsync("indexes", FailureRow.Slow, Impatience, ForImpatience, OfIndexAsync),
            TryAsync("inrelease", FailureRow.Slow, Impatience, ForImpatience, OfInReleaseAsync));
        AssertNoneIsWorse();
    }

    [Theory]
    [InlineData("404")]
    [InlineData("corrupt")]
    [InlineData("503 without a body")]
    [InlineData("cut, 416 to a range")]
    public async Task OnePackageOfMany_ARow_NoWorseThanAlone(string name)
    {
        var row = FailureRow.Prompt.Single(row => row.Name == name);
        await TryAsync("many", [row], QuickRetries, [], _ =>
            Task.FromResult(new Subject(Repository.Root, LargePackages[3].Path, Repository.Packages)));
        AssertNoneIsWorse();
    }

    private Task<Subject> OfPackageAsync(int number) =>
        Task.FromResult(new Subject(Repository.Root, LargePackages[number].Path, LargePackages[number]));

    private Task<Subject> OfInReleaseAsync(int number) => Task.FromResult(new Subject(Repository.Root, "/InRelease"));

    private async Task<Subject> OfIndexAsync(int number)
    {
        var root = Folder($"archive{number}");
        await Repository.PublishAsync(root, text => $"""
            {text}
            Package: row{number}
            Version: 1
            Architecture: amd64
            Maintainer: Nobody <nobody@example.org>
            Filename: pool/row{number}.deb
            Size: 1
            SHA256: {new string('0', 64)}
            Description: so that no two rows have the same index

            """);
        return new Subject(root, "/binary-amd64/");
    }

    private async Task TryAsync(
        string name, IReadOnlyList<FailureRow> rows, string[] aptOptions, string[] daemonOptions, Func<int, Task<Subject>> subjectOf)
    {
        var daemon = await StartDaemonAsync(name, [.. daemonOptions, "--Origins:UseKnown=false"]); // the other rows' mirrors would help out
        var scenes = rows.Select((row, number) => (row, number, Alone: NextAddress(), Through: NextAddress())).ToArray();
        await Parallel.ForEachAsync(scenes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (scene, _) =>
        {
            var subject = await subjectOf(scene.number);
            var outcomes = await Task.WhenAll(
                RunAsync($"{name}-{scene.number}-alone", scene.row, subject, scene.Alone, null, aptOptions),
                RunAsync($"{name}-{scene.number}-through", scene.row, subject, scene.Through, daemon, aptOptions));
            Compare(
                $"{name}: {scene.row.Name}", scene.row, outcomes[0].Outcome, outcomes[1].Outcome,
                string.Join("\n\n", outcomes.Select(outcome => outcome.Report)));
        });
    }

    private async Task<(Outcome Outcome, string Report)> RunAsync(
        string name, FailureRow row, Subject subject, System.Net.IPAddress address, Daemon? daemon, string[] options)
    {
        await using var archive = FaultyArchive.Start(subject.Root, address);
        var apt = NewApt(name)
            .WithBinarySources(Repository.SourceLine(daemon is null ? archive.Address : new Uri(daemon.Address, $"{archive.Authority}/")));
        foreach (var option in options)
        {
            apt.WithOption(option);
        }

        var isUpdate = subject.Packages.Count == 0;
        if (!isUpdate)
        {
            (await apt.UpdateAsync()).Succeeded();
        }

        archive.Begin(subject.PathPart, row);
        var run = await RunAsync();
        var (requests, files) = (
            archive.Requests, isUpdate ? Directory.GetFiles(apt.Lists, "*_Packages").Length : apt.DownloadedArchives().Count(IsRight));
        archive.End();
        var next = await RunAsync();
        return (new Outcome(run.ExitCode, files, next.ExitCode, requests), $"{run}\n{archive}");

        Task<CommandResult> RunAsync() =>
            isUpdate ? apt.UpdateAsync() : apt.DownloadAsync(subject.Packages.Select(package => package.Name));

        bool IsRight(string file) => Downloads.Hash(file) is var hash && subject.Packages.Any(package => package.Sha256 == hash);
    }

    private void Compare(string name, FailureRow row, Outcome alone, Outcome through, string report)
    {
        if (alone.Requests == 0 || through.Requests == 0)
        {
            _worse.Enqueue($"{name}: nobody met the fault, alone {alone}, through the daemon {through}\n{report}");
        }

        var isBetter = through.ExitCode == 0 && alone.ExitCode != 0;
        var isAskedMore = through.Requests > alone.Requests + (row.IsOtherFile ? 1 : 0);
        if ((through.ExitCode != 0 && alone.ExitCode == 0)
            || through.Files < alone.Files
            || (through.NextExitCode != 0 && alone.NextExitCode == 0)
            || (isAskedMore && !isBetter))
        {
            _worse.Enqueue($"{name}: alone {alone}, through the daemon {through}\n{report}");
        }
    }

    private void AssertNoneIsWorse() => Assert.True(_worse.IsEmpty, string.Join("\n\n", _worse));
}

using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Apt.Releases;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Catalog.Signatures;

/// <summary>What the signatures of Releases are worth. Each new Release costs a process; an unchanged one costs nothing.</summary>
internal sealed partial class SignatureChecks : IDisposable
{
    /// <summary>
    /// Verdicts that are remembered: a machine has some ten archives, and whoever alternates between two states must not make a process for
    /// each.
    /// </summary>
    private const int MaxVerdicts = 200;

    private readonly SemaphoreSlim _one = new(1, 1); // process at a time
    private readonly Dictionary<ContentHash, ReleaseTrust> _verdicts = [];
    private readonly SignatureOptions _options;
    private readonly Keyrings _keyrings;
    private readonly TimeProvider _time;
    private readonly ILogger<SignatureChecks> _logger;
    private readonly SignatureProgram? _program;
    private readonly string _folder;

    public SignatureChecks(
        string stateFolder, IOptions<SignatureOptions> options, Keyrings keyrings, TimeProvider time, ILogger<SignatureChecks> logger)
    {
        (_program, _options, _keyrings, _time, _logger) = (SignatureProgram.Find(), options.Value, keyrings, time, logger);
        _folder = Path.Combine(stateFolder, "signatures");
    }

    /// <summary>Whether a refused signature counts.</summary>
    public bool Refuses => _options.Signatures == SignaturesMode.Auto;

    /// <summary>Whether a Release of this archive can be checked.</summary>
    public bool CanCheck(ArchivePath release) => FindKeyring(release) is not null;

    /// <summary>Whether apt on this machine would take nothing of an archive that has no Release at all, and that counts.</summary>
    /// <param name="release">Where it would be.</param>
    public bool RefusesUnsigned(ArchivePath release) => Refuses && FindKeyring(release) is { IsComplete: true };

    /// <summary>Checks an InRelease.</summary>
    public Task<ReleaseTrust> CheckAsync(ArchivePath release, ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        ClearSigned.TrySplit(text.Span, out var message, out var signature)
            ? CheckAsync(release, message, signature, cancellationToken)
            : CheckAsync(release, text, default, cancellationToken); // not signed at all

    /// <summary>Checks a Release and its Release.gpg.</summary>
    public async Task<ReleaseTrust> CheckAsync(
        ArchivePath release, ReadOnlyMemory<byte> message, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        if (FindKeyring(release) is not { } keyring)
        {
            return ReleaseTrust.Unknown;
        }

        ReadOnlyMemory<byte>[] all =
        [
            message,
            signature,
            keyring.Keys,
            System.Text.Encoding.UTF8.GetBytes(string.Join(' ', [keyring.IsComplete, .. keyring.Fingerprints])),
        ];
        var key = ContentHash.Of(all.SelectMany(part => ContentHash.Of(part.Span).ToArray()).ToArray());
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!_verdicts.TryGetValue(key, out var verdict))
            {
                verdict = await RunAsync(message, signature, keyring, cancellationToken);
                if (_verdicts.Count >= MaxVerdicts)
                {
                    _verdicts.Clear();
                }

                _verdicts[key] = verdict;
                Tell(release, verdict);
            }

            return verdict == ReleaseTrust.Bad && !Refuses ? ReleaseTrust.Unknown : verdict;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotChecked(release.Host, release.Path, e.Message);
            return ReleaseTrust.Unknown;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private Keyring? FindKeyring(ArchivePath release)
    {
        if (_options.Signatures == SignaturesMode.Off || _program is null)
        {
            return null;
        }

        try
        {
            return _keyrings.Find(release);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotChecked(release.Host, release.Path, e.Message);
            return null;
        }
    }

    private async Task<ReleaseTrust> RunAsync(
        ReadOnlyMemory<byte> message, ReadOnlyMemory<byte> signature, Keyring keyring, CancellationToken cancellationToken)
    {
        if (signature.IsEmpty)
        {
            return keyring.IsComplete ? ReleaseTrust.Bad : ReleaseTrust.Unknown;
        }

        Directory.CreateDirectory(_folder);
        try
        {
            return await _program!.CheckAsync(_folder, message, signature, keyring, _time, cancellationToken);
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Tell(ArchivePath release, ReleaseTrust verdict)
    {
        if (verdict == ReleaseTrust.Bad && Refuses)
        {
            LogRefused(release.Host, release.Path);
        }
        else if (verdict == ReleaseTrust.Bad)
        {
            LogWouldRefuse(release.Host, release.Path);
        }
    }

    [LoggerMessage(
        1350, LogLevel.Warning,
        "{Host}{Path} is not signed as apt wants it: apt gets it, but it is not kept for an outage, and what only it names is not shared")]
    private partial void LogRefused(string host, string path);

    [LoggerMessage(
        1351, LogLevel.Warning, "{Host}{Path} is not signed as apt wants it; [Catalog] Signatures=auto would not share what only it names")]
    private partial void LogWouldRefuse(string host, string path);

    [LoggerMessage(1352, LogLevel.Warning, "The signature of {Host}{Path} could not be checked: {Reason}")]
    private partial void LogNotChecked(string host, string path, string reason);
}

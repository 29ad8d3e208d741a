using System.Diagnostics;
using System.Text;

namespace AptP2P.Host.Catalog.Signatures;

/// <summary>Checks one detached signature by <c>sqv</c> or <c>gpgv</c>, whichever apt uses on this machine.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="IsSqv">Which of the two.</param>
internal sealed record SignatureProgram(string Path, bool IsSqv)
{
    /// <summary>It takes milliseconds. Stops a signature that keeps the program busy, and what waits for it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private const int MaxOutput = 64 << 10; // real ones have a few lines; stops a signature of a million packets

    /// <summary>What apt has sqv obey (its methods/sqv.cc), the first that is there.</summary>
    private static readonly string[] Policies =
    [
        "/etc/crypto-policies/back-ends/apt-sequoia.config",
        "/var/lib/crypto-config/profiles/current/apt-sequoia.config",
        "/usr/share/apt/default-sequoia.config",
    ];

    /// <summary>apt's choice; where that is not installed, the other.</summary>
    public static SignatureProgram? Find()
    {
        var sqv = new SignatureProgram("/usr/bin/sqv", IsSqv: true);
        var gpgv = new SignatureProgram("/usr/bin/gpgv", IsSqv: false);
        SignatureProgram[] inTurn = File.Exists("/usr/lib/apt/methods/sqv") ? [sqv, gpgv] : [gpgv, sqv];
        return Array.Find(inTurn, program => File.Exists(program.Path));
    }

    /// <summary>Runs it.</summary>
    /// <param name="folder">Of the caller's, for the files that it reads.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">By whom.</param>
    /// <param name="keyring">Who may.</param>
    /// <param name="time">For the limit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">It cannot be run, or comes to no end.</exception>
    public async Task<ReleaseTrust> CheckAsync(
        string folder, ReadOnlyMemory<byte> message, ReadOnlyMemory<byte> signature, Keyring keyring, TimeProvider time,
        CancellationToken cancellationToken)
    {
        string FileOf(string name) => System.IO.Path.Combine(folder, name);
        await File.WriteAllBytesAsync(FileOf("message"), message, cancellationToken);
        await File.WriteAllBytesAsync(FileOf("signature"), signature, cancellationToken);
        await File.WriteAllBytesAsync(FileOf("keys.gpg"), keyring.Keys, cancellationToken);
        string[] arguments = IsSqv
            ? ["--keyring", FileOf("keys.gpg"), FileOf("signature"), FileOf("message")]
            :
            [
                "--homedir", folder, "--ignore-time-conflict", "--weak-digest", "SHA1", "--weak-digest", "RIPEMD160", "--status-fd", "1",
                "--keyring", FileOf("keys.gpg"), FileOf("signature"), FileOf("message"),
            ];
        var (exitCode, output, errors) = await RunAsync(arguments, folder, time, cancellationToken);
        return Judge(exitCode, output, errors, keyring);
    }

    /// <summary>
    /// One good signature is enough, one that does not fit what was signed is too much; of keys that are not here, apt decides for its own
    /// archives only.
    /// </summary>
    internal ReleaseTrust Judge(int exitCode, string output, string errors, Keyring keyring)
    {
        var status = output.Split('\n').Select(line => line.Replace("[GNUPG:] ", "", StringComparison.Ordinal).Split(' ')).ToList();
        var isBad = IsSqv
            ? errors.Contains("manipulated", StringComparison.Ordinal) && exitCode != 0
            : status.Exists(line => line[0] == "BADSIG");
        var signers = IsSqv
            ? status.Select(line => line[0].Trim()).Where(line => line.Length > 0).ToList()
            : status
                .Where(line => line[0] == "VALIDSIG" && line.Length > 1)
                .SelectMany(line => (string[])[line[1] + "!", line[1], line[^1].Trim()])
                .ToList();
        var isGood = IsSqv ? exitCode == 0 : signers.Count > 0 && status.Exists(line => line[0] == "GOODSIG");
        var isRightKey =
            keyring.Fingerprints.Count == 0
            || keyring.Fingerprints.Any(key => signers.Contains(IsSqv ? key.TrimEnd('!') : key, StringComparer.OrdinalIgnoreCase));
        return isBad ? ReleaseTrust.Bad
            : isGood && isRightKey ? ReleaseTrust.Good
            : keyring.IsComplete ? ReleaseTrust.Bad
            : ReleaseTrust.Unknown;
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string[] arguments, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment.Clear(); // nothing of ours is its business
        (start.Environment["PATH"], start.Environment["LC_ALL"], start.Environment["HOME"]) = ("/usr/bin:/bin", "C", folder);
        if (IsSqv && Array.Find(Policies, File.Exists) is { } policy)
        {
            start.Environment["SEQUOIA_CRYPTO_POLICY"] = policy;
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var process = Start(start);
        try
        {
            process.StandardInput.Close();
            var output = ReadAsync(process.StandardOutput, either.Token);
            var errors = ReadAsync(process.StandardError, either.Token);
            await Task.WhenAll(output, errors);
            await process.WaitForExitAsync(either.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{Path} has come to no end in {Limit.TotalSeconds} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{start.FileName} cannot be run: {e.Message}", e);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        for (int count; (count = await reader.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            text.Append(buffer, 0, Math.Min(count, MaxOutput - text.Length)); // read to its end, so that it can end; kept in part
        }

        return text.ToString();
    }
}

using SharpFuzz;

namespace AptP2P.Fuzz;

/// <summary>What <c>tests/Fuzz/run</c> starts.</summary>
internal static class Driver
{
    /// <summary>Behind all that afl-fuzz is let make (-G of tests/Fuzz/run).</summary>
    private const int MaxInput = 1 << 20;

    /// <summary>Writes the names of the targets, a line each.</summary>
    public static int List(TextWriter output)
    {
        foreach (var target in Target.All)
        {
            output.WriteLine(target.Name);
        }

        return 0;
    }

    /// <summary>
    /// Serves afl-fuzz, in this process: that is three times as fast as with a process of its own for the target. A time-out, or a failure
    /// that nothing can catch, ends it; afl-fuzz then ends too, and tests/Fuzz/run takes the input that was being tried for the find that
    /// it is.
    /// </summary>
    public static int Fuzz(string name)
    {
        var target = Target.Find(name);
        var buffer = new byte[MaxInput];
        Fuzzer.Run(stream => target.Check(buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false))));
        return 0;
    }

    /// <summary>Tries inputs again, without instruments, and says what is wrong with each.</summary>
    /// <returns>1 when anything is.</returns>
    public static int Replay(string name, IReadOnlyList<string> files, TextWriter output)
    {
        var target = Target.Find(name);
        var code = 0;
        foreach (var file in files)
        {
            var input = File.ReadAllBytes(file);
            output.WriteLine($"{file}: {input.Length} bytes, {Convert.ToBase64String(input)}");
            output.Flush();
            try
            {
                target.Check(input);
                output.WriteLine("  holds");
            }
            catch (Exception e) // whatever it is, it is what was looked for
            {
                output.WriteLine($"  {e}");
                code = 1;
            }
        }

        return code;
    }
}

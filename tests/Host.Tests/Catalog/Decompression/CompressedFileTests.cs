using System.Diagnostics;
using AptP2P.Host.Catalog.Decompression;
using AptP2P.Testing;
using Xunit;
using static AptP2P.Host.Tests.Catalog.CatalogUnderTest;

namespace AptP2P.Host.Tests.Catalog.Decompression;

public sealed class CompressedFileTests
{
    private static readonly byte[] Text = Content(300_000);

    public static TheoryData<string> Commands => ["xz", "xz --format=lzma", "gzip", "bzip2", "zstd", "zstd -19", "lz4"];

    public static TheoryData<string> JoiningCommands => ["xz", "gzip", "bzip2", "zstd", "lz4"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task OpenAsync_Whole_IsTheText(string command)
    {
        Assert.Equal(Text, await ReadAsync(await CompressAsync(command, Text)));
        byte[] one = [1];
        Assert.Equal(one, await ReadAsync(await CompressAsync(command, one)));
    }

    [Theory]
    [MemberData(nameof(JoiningCommands))]
    public async Task OpenAsync_FilesJoined_IsBothTexts(string command)
    {
        var compressed = await CompressAsync(command, Text);
        Assert.Equal(Text.Concat(Text), await ReadAsync([.. compressed, .. compressed]));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task OpenAsync_Truncated_FailsAfterAPrefix(string command)
    {
        var compressed = await CompressAsync(command, Text);
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            await AssertDamagedAsync(compressed[..random.Next(8, compressed.Length)]);
        }

        await AssertDamagedAsync(compressed[..^1]);
    }

    [Theory]
    [InlineData("xz")] // those with a checksum over the text
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("zstd --check")]
    [InlineData("lz4")]
    public async Task OpenAsync_Damaged_FailsOrIsTheText(string command)
    {
        var compressed = await CompressAsync(command, Text);
        var random = new Random(4);
        for (var round = 0; round < 100; round++)
        {
            var damaged = compressed.ToArray();
            damaged[random.Next(6, damaged.Length)] ^= (byte)random.Next(1, 256);
            try
            {
                Assert.Equal(Text, await ReadAsync(damaged)); // a byte of the header may say nothing of importance
            }
            catch (InvalidDataException)
            {
                // it was noticed
            }
        }
    }

    [Fact]
    public async Task OpenAsync_DictionaryOfTwoGigabytes_IsRefused()
    {
        byte[] header = [0x5d, 0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync([.. header, .. new byte[100]]));
        Assert.Contains("error 6", refusal.Message); // LZMA_MEMLIMIT_ERROR
    }

    [Fact]
    public async Task OpenAsync_WindowOfHalfAGigabyte_IsRefused()
    {
        // RFC 8878 section 3.1.1: no single segment, 2^29 bytes
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (29 - 10) << 3, 0x01, 0x00, 0x00];
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(frame));
        frame[5] = (20 - 10) << 3;
        Assert.Empty(await ReadAsync(frame));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x1f })]
    [InlineData(new byte[] { (byte)'P', (byte)'a', (byte)'c', (byte)'k', (byte)'a', (byte)'g', (byte)'e', (byte)':' })]
    public async Task OpenAsync_NoMagic_IsPlain(byte[] bytes) => Assert.Equal(bytes, await ReadAsync(bytes));

    internal static async Task<byte[]> CompressAsync(string command, byte[] text)
    {
        var words = command.Split(' ');
        using var process = StartOrSkip(words);
        var writing = Task.Run(async () =>
        {
            await process.StandardInput.BaseStream.WriteAsync(text, Cancellation);
            process.StandardInput.Close();
        }, Cancellation);
        using var compressed = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(compressed, Cancellation);
        await writing;
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
        return compressed.ToArray();
    }

    private static Process StartOrSkip(string[] words)
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo(words[0], [.. words[1..], "-c"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw Requirement.Missing($"there is no {words[0]}: {missing.Message}");
        }
    }

    private static async Task AssertDamagedAsync(byte[] compressed)
    {
        using var text = new MemoryStream();
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(compressed, text));
        Assert.True(Text.AsSpan().StartsWith(text.ToArray()));
    }

    private static async Task<byte[]> ReadAsync(byte[] compressed)
    {
        using var text = new MemoryStream();
        await ReadAsync(compressed, text);
        return text.ToArray();
    }

    private static async Task ReadAsync(byte[] compressed, MemoryStream text)
    {
        using var source = new MemoryStream(compressed);
        await using var stream = await CompressedFile.OpenAsync(source, Cancellation);
        var buffer = new byte[10_000];
        for (int count; (count = await stream.ReadAsync(buffer, Cancellation)) > 0;)
        {
            text.Write(buffer, 0, count);
        }
    }

    /// <summary>Half of it compresses, half does not.</summary>
    private static byte[] Content(int length)
    {
        var random = new Random(5);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = i / 10_000 % 2 == 0 ? (byte)random.Next(256) : (byte)('a' + (i % 7));
        }

        return bytes;
    }
}

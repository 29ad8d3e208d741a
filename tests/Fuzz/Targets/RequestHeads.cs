using System.Buffers;
using System.Globalization;
using System.Text;
using AptP2P.Host.Proxy.ReadAhead;
using AptP2P.Host.Proxy.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// A connection's bytes, below a line with where they are cut: the same requests are found however they come, and Kestrel, which answers
/// them, reads each as we do or refuses it.
/// </summary>
internal static class RequestHeads
{
    public static void Check(ReadOnlySpan<byte> input)
    {
        var cuts = InputParts.TakeCuts(ref input);
        var bytes = input.ToArray();
        var whole = new List<string>();
        var at = 0;
        using var scanner = new RequestScanner(head =>
        {
            var end = at + bytes.AsSpan(at).IndexOf("\r\n\r\n"u8) + 4;
            CheckKestrel(head, bytes.AsMemory(at, end - at));
            at = end + (int)Math.Min(head.BodyLength, bytes.Length - end);
            whole.Add(Describe(head));
        });
        scanner.Scan(bytes);
        Assert.True(whole.Count <= (bytes.Length / 20) + 1, "more heads than there is room for");

        var pieces = new List<string>();
        using var cutScanner = new RequestScanner(head => pieces.Add(Describe(head)));
        var allowance = Allowance.Begin();
        for (var rest = input; !rest.IsEmpty;)
        {
            cutScanner.Scan(cuts.TakePiece(ref rest));
        }

        allowance.End(input.Length, each: 32, fixedCost: 4 * RequestHead.MaxLength);
        if (input.Length <= RequestHead.MaxLength) // a longer head is found only where it need not be kept
        {
            Assert.Equal(whole, pieces);
            Assert.Equal(scanner.IsStopped, cutScanner.IsStopped);
        }
    }

    private static string Describe(in RequestHead head) =>
        string.Create(
            null,
            $"{Text(head.Method)} {Text(head.Target)} {Text(head.Host)} {head.IsPrivate} {head.IsForChange} {head.BodyLength} "
            + $"{head.HasSuccessor}");

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static void CheckKestrel(in RequestHead head, ReadOnlyMemory<byte> bytes)
    {
        var kestrel = new KestrelHead();
        var parser = new HttpParser<KestrelHead>();
        var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(bytes));
        try
        {
            Assert.True(
                parser.ParseRequestLine(kestrel, ref reader) && parser.ParseHeaders(kestrel, ref reader),
                "for Kestrel the head has not ended");
        }
        catch (BadHttpRequestException)
        {
            return; // it answers 400 and closes the connection
        }

        Assert.Equal(bytes.Length, reader.Consumed);
        Assert.Equal((Text(head.Method), Text(head.Target), Text(head.Host)), (kestrel.Method, kestrel.Target, kestrel.Host));
        Assert.Equal(head.IsPrivate, kestrel.Names.Contains("authorization"));
        Assert.Equal(head.BodyLength, kestrel.Length);
    }

    /// <summary>What Kestrel says of a head.</summary>
    private sealed class KestrelHead : IHttpRequestLineHandler, IHttpHeadersHandler
    {
        public string Method { get; private set; } = "";

        public string Target { get; private set; } = "";

        public string Host { get; private set; } = "";

        public long Length { get; private set; }

        public HashSet<string> Names { get; } = [];

        public void OnStartLine(HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath, Span<byte> startLine)
        {
            Method = Text(startLine[..versionAndMethod.MethodEnd]);
            Target = Text(startLine[targetPath.Offset..]);
        }

        public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            var lower = Text(name).ToLowerInvariant();
            Names.Add(lower);
            Host = lower == "host" ? Text(value) : Host;
            Length = lower == "content-length" ? long.Parse(Text(value), CultureInfo.InvariantCulture) : Length;
        }

        public void OnHeadersComplete(bool endStream)
        {
        }

        public void OnStaticIndexedHeader(int index) => throw new NotSupportedException("HTTP/2 and 3 only.");

        public void OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value) => throw new NotSupportedException("HTTP/2 and 3 only.");

        public void OnDynamicIndexedHeader(int? index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
            throw new NotSupportedException("HTTP/2 and 3 only.");
    }
}

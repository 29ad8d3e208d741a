extern alias Peers;

using System.Net;
using System.Text;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Proxy.Contents;
using AptP2P.Shared;
using Microsoft.AspNetCore.Http;
using Peers::AptP2P.Shared.Http;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// A Range, or the Content-Range of an answer, below a line with a content's length: what is sent lies within the content, whoever asks,
/// and an answer is taken only for what was asked for.
/// </summary>
internal static class Ranges
{
    private static readonly ContentValidators Validators = new(default, null);

    public static void Check(ReadOnlySpan<byte> input)
    {
        var length = InputParts.TakeNumber(ref input);
        var header = Encoding.Latin1.GetString(input);
        var allowance = Allowance.Begin();
        var range = RangeHeader.Read(header, length);
        allowance.End(input.Length, each: 0, fixedCost: 0);

        Assert.True(
            range is null || (0 <= range.Value.Start && range.Value.Start <= range.Value.End && range.Value.End <= length),
            $"{range} of {length}");
        Assert.Equal(
            range switch
            {
                null => new Selection(StatusCodes.Status200OK, new ByteRange(0, length)),
                { Length: 0 } => new Selection(StatusCodes.Status416RangeNotSatisfiable, default),
                { } part => new Selection(StatusCodes.Status206PartialContent, part),
            },
            Select(header, length));
        CheckAnswer(header, length, range is { Length: > 0 } asked ? asked : new ByteRange(0, length));
    }

    private static Selection Select(string header, long length)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = HttpMethods.Get;
        request.Headers.Range = header;
        return Selection.Of(request, length, Validators);
    }

    private static void CheckAnswer(string header, long length, ByteRange asked)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.PartialContent);
        response.Content = new ByteArrayContent([]);
        response.Content.Headers.TryAddWithoutValidation("Content-Range", header);
        response.Content.Headers.ContentLength = null;
        var answered = AnsweredRange.Read(response, asked, length, out var problem);
        Assert.True(
            problem is not null || (answered.Start <= asked.Start && asked.Start < answered.End && answered.End <= asked.End),
            $"{answered} for {asked}");
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AptP2P.EndToEnd.Harness;

/// <summary>The status and the part of a file that answer a request (RFC 9110, 13.1.3, 13.1.5 and 14).</summary>
internal readonly record struct MirrorAnswer(int Status, long First, long Last, long Length, DateTimeOffset Modified)
{
    public bool HasBody => Status is StatusCodes.Status200OK or StatusCodes.Status206PartialContent && Last >= First;

    public static MirrorAnswer To(HttpRequest request, FileInfo file)
    {
        var modified = new DateTimeOffset(file.LastWriteTimeUtc.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        var whole = new MirrorAnswer(StatusCodes.Status200OK, 0, file.Length - 1, file.Length, modified);
        var headers = request.GetTypedHeaders();
        if (headers.IfModifiedSince >= modified)
        {
            return whole with { Status = StatusCodes.Status304NotModified };
        }

        if (headers.Range is not { Unit.Value: "bytes", Ranges.Count: 1 } range
            || (headers.IfRange is { } same && same.LastModified != modified))
        {
            return whole;
        }

        var part = range.Ranges.Single();
        var first = part.From ?? Math.Max(0, file.Length - part.To!.Value);
        var last = part.From is null ? file.Length - 1 : Math.Min(part.To ?? long.MaxValue, file.Length - 1);
        return first > last
            ? whole with { Status = StatusCodes.Status416RangeNotSatisfiable }
            : whole with { Status = StatusCodes.Status206PartialContent, First = first, Last = last };
    }

    public void WriteHead(HttpResponse response)
    {
        response.StatusCode = Status;
        var headers = response.GetTypedHeaders();
        headers.LastModified = Modified;
        response.Headers.AcceptRanges = "bytes";
        if (Status == StatusCodes.Status206PartialContent)
        {
            headers.ContentRange = new ContentRangeHeaderValue(First, Last, Length);
        }
        else if (Status == StatusCodes.Status416RangeNotSatisfiable)
        {
            headers.ContentRange = new ContentRangeHeaderValue(Length);
        }

        if (Status != StatusCodes.Status304NotModified)
        {
            response.ContentLength = HasBody ? Last - First + 1 : 0;
            response.ContentType = "application/octet-stream";
        }
    }
}

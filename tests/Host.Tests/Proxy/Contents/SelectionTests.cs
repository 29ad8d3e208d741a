using System.Globalization;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Proxy.Contents;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AptP2P.Host.Tests.Proxy.Contents;

/// <summary>Conditions and ranges, by RFC 9110, sections 13.2.2 and 14.</summary>
public sealed class SelectionTests
{
    private const string Before = "Thu, 01 Jan 2026 11:59:59 GMT";
    private const string Same = "Thu, 01 Jan 2026 12:00:00 GMT";
    private const string After = "Thu, 01 Jan 2026 12:00:01 GMT";

    private static readonly ContentValidators Ours = new(ContentHash.Of("x"u8), DateTimeOffset.Parse(Same, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("", 200)]
    [InlineData($"If-Modified-Since: {Before}", 200)]
    [InlineData($"If-Modified-Since: {Same}", 304)]
    [InlineData($"If-Modified-Since: {After}", 304)]
    [InlineData("If-Modified-Since: yesterday", 200)]
    [InlineData("If-None-Match: TAG", 304)]
    [InlineData("If-None-Match: W/TAG", 304)]
    [InlineData("If-None-Match: \"a\", TAG", 304)]
    [InlineData("If-None-Match: *", 304)]
    [InlineData("If-None-Match: \"a\"", 200)]
    [InlineData("If-None-Match: nonsense", 200)]
    [InlineData($"If-None-Match: \"a\"|If-Modified-Since: {After}", 200)] // the date is not asked then
    [InlineData($"If-Unmodified-Since: {Before}", 412)]
    [InlineData($"If-Unmodified-Since: {Same}", 200)]
    [InlineData("If-Match: TAG", 200)]
    [InlineData("If-Match: *", 200)]
    [InlineData("If-Match: W/TAG", 412)]
    [InlineData("If-Match: \"a\"", 412)]
    [InlineData($"If-Match: TAG|If-Unmodified-Since: {Before}", 200)]
    [InlineData("If-Match: \"a\"|If-None-Match: TAG", 412)]
    [InlineData("If-None-Match: TAG|Range: bytes=0-1", 304)]
    public void Of_Conditions_InTheirOrder(string headers, int status) => Assert.Equal(status, Select(headers).Status);

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=10-", 10, 100)]
    [InlineData("bytes=10-19", 10, 20)]
    [InlineData("bytes=90-9223372036854775807", 90, 100)]
    [InlineData("bytes=-10", 90, 100)]
    [InlineData("bytes=-1000", 0, 100)]
    [InlineData("bytes=5-9|If-Range: TAG", 5, 10)]
    public void Of_ARange_ThatPart(string range, long start, long end) =>
        Assert.Equal(new Selection(206, new ByteRange(start, end)), Select($"Range: {range}"));

    [Theory]
    [InlineData("bytes=1-2,5-6")]
    [InlineData("bytes=6-5")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=5-9|If-Range: \"a\"")]
    [InlineData("bytes=5-9|If-Range: W/TAG")]
    [InlineData($"bytes=5-9|If-Range: {Same}")] // apt's: what it has may be the beginning of another file
    [InlineData("bytes=100-|If-Range: \"a\"")]
    public void Of_WhatIsNoOneRange_TheWhole(string range) =>
        Assert.Equal(new Selection(200, new ByteRange(0, 100)), Select($"Range: {range}"));

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=100-200")]
    [InlineData("bytes=-0")]
    public void Of_RangeBehindTheEnd_416(string range) => Assert.Equal(416, Select($"Range: {range}").Status);

    [Fact]
    public void Of_RangeWithHead_TheWhole() => Assert.Equal(200, Select("Range: bytes=1-2", "HEAD").Status);

    [Fact]
    public void Of_NoDateKnown_DatesCountForNothing()
    {
        var undated = new ContentValidators(ContentHash.Of("x"u8), null);

        Assert.Equal(200, Select($"If-Modified-Since: {After}", validators: undated).Status);
        Assert.Equal(200, Select($"If-Unmodified-Since: {Before}", validators: undated).Status);
    }

    private static Selection Select(string headers, string method = "GET", ContentValidators? validators = null)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.Append(header[..colon], header[(colon + 2)..].Replace("TAG", Ours.ETag, StringComparison.Ordinal));
        }

        return Selection.Of(request, 100, validators ?? Ours);
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using AptP2P.Testing.Telemetry;

namespace AptP2P.EndToEnd;

/// <summary>Traces and the log by OTLP, as docs/metrics.md says.</summary>
public sealed partial class TracesTests(SignedRepository repository) : EndToEndTest(repository)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_AnInstallFromPeersAndMirror_SpansHaveTheirParentsAndTheLogIsThere()
    {
        var address = NextAddress();
        await using var receiver = await OtlpReceiver.StartAsync($"{address}");
        var mirror = await StartMirrorAsync();
        var a = await StartDaemonAsync("a");
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{address}:{receiver.HttpPort}";
        Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        Variables["OTEL_METRICS_EXPORTER"] = "none";
        Variables["OTEL_TRACES_EXPORTER"] = "otlp";
        Variables["OTEL_TRACES_SAMPLER"] = "always_on";
        Variables["OTEL_LOGS_EXPORTER"] = "otlp";
        var b = await StartDaemonAsync("b", a);
        await NewApt("a", a, mirror).InstallAllAsync(Repository, a);
        await b.LearnsOfAsync(a);
        await NewApt("b", b, mirror).InstallAllAsync(Repository, b);
        await b.StopAsync();
        var received = await receiver.ReceiveRestAsync(Cancellation);

        Assert.All(received, request => Assert.DoesNotMatch(LoopbackAddress(), Telling(request)));
        var spans = received.SelectMany(Spans).ToDictionary(span => span.Id);
        Assert.Equal(
            Documented(), spans.Values.GroupBy(span => span.Name).OrderBy(same => same.Key, StringComparer.Ordinal)
                .Select(same => $"{same.Key}: {string.Join(", ", same.SelectMany(span => span.Attributes).Distinct().Order())}"));
        Assert.All(
            spans.Values.Where(span => span.Name is not ("request" or "fetch")), span => Assert.Equal("fetch", spans[span.Parent].Name));
        Assert.All(spans.Values.Where(span => span.Name == "request"), span => Assert.Empty(span.Parent));
        Assert.Contains(spans.Values, span => span.Name == "fetch" && span.Parent.Length > 0 && spans[span.Parent].Name == "request");
        Assert.All(mirror.Log, request => Assert.Null(request.TraceParent));
        Assert.Contains(received, request => request.GetRawText().Contains("Plugin Source.Peers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NothingIsAskedFor_OpenTelemetryIsNotLoaded()
    {
        var daemon = await StartDaemonAsync("daemon");

        var loaded = await File.ReadAllTextAsync($"/proc/{daemon.ProcessId}/maps", Cancellation);

        Assert.Contains("Yarp.ReverseProxy.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
    }

    /// <summary>The spans that docs/metrics.md lists, with their attributes.</summary>
    private static IEnumerable<string> Documented()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Dashboard.Docs, "metrics.md")));
        Assert.NotEmpty(rows);
        return rows.OrderBy(row => row.Groups["name"].Value, StringComparer.Ordinal).Select(row =>
            $"{row.Groups["name"].Value}: "
            + string.Join(", ", Attribute().Matches(row.Groups["attributes"].Value).Select(name => name.Groups[1].Value).Order()));
    }

    /// <summary>What is told of spans; the log names origins, as it always does.</summary>
    private static string Telling(JsonElement request) =>
        request.TryGetProperty("resourceSpans", out var spans) ? spans.GetRawText() : "";

    private static IEnumerable<Span> Spans(JsonElement request) =>
        from resource in Items(request, "resourceSpans")
        from scope in Items(resource, "scopeSpans")
        from span in Items(scope, "spans")
        select new Span(
            Text(span, "spanId"), Text(span, "parentSpanId"), Text(span, "name"),
            [.. Items(span, "attributes").Select(attribute => Text(attribute, "key"))]);

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) ? items.EnumerateArray() : default;

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";

    [GeneratedRegex(@"^\| `(?<name>[a-z-]+)` \|.*\|(?<attributes>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\b127\.\d+\.\d+\.\d+")]
    private static partial Regex LoopbackAddress();

    private sealed record Span(string Id, string Parent, string Name, string[] Attributes);
}

using System.Globalization;

namespace AptP2P.Host.Telemetry;

/// <summary>
/// What OpenTelemetry's variables ask for. One that makes no sense is said and counts as not set, as the specification wants it: they are
/// often meant for all programs of a machine, and apt must be served all the same.
/// </summary>
internal sealed class ExportSettings
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Signals = ["METRICS", "TRACES", "LOGS"];

    private static readonly string[] Samplers =
    [
        "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio",
    ];

    private readonly IConfiguration _environment;
    private readonly List<string> _problems = [];

    public ExportSettings(IConfiguration environment)
    {
        _environment = environment;
        if (string.Equals(environment["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        // Metrics go where there is an endpoint, unless it is said otherwise; the rest only where it is asked for.
        var metrics = Exporters("METRICS", ["otlp", "prometheus", "none"]);
        MetricsTo = EndpointFor("METRICS", metrics.Length == 0 || metrics.Contains("otlp"), isAskedFor: metrics.Contains("otlp"));
        Prometheus = metrics.Contains("prometheus");
        TracesTo = AskedEndpointFor("TRACES");
        LogsTo = AskedEndpointFor("LOGS");
        foreach (var infix in (string[])["", .. Signals.Select(signal => signal + "_")])
        {
            OneOf($"OTEL_EXPORTER_OTLP_{infix}PROTOCOL", ["grpc", "http/protobuf"], "grpc");
            Number($"OTEL_EXPORTER_OTLP_{infix}TIMEOUT", "10000");
        }

        Number("OTEL_METRIC_EXPORT_INTERVAL", "60000");
        HasSampler = OneOf("OTEL_TRACES_SAMPLER", Samplers, "parentbased_traceidratio");
        SampledPart = Ratio("OTEL_TRACES_SAMPLER_ARG") ?? SampledPart;
    }

    /// <summary>The collector that gets metrics, if one does.</summary>
    public Uri? MetricsTo { get; }

    public Uri? TracesTo { get; }

    public Uri? LogsTo { get; }

    /// <summary>Whether metrics may be fetched.</summary>
    public bool Prometheus { get; }

    /// <summary>Whether it is said which requests are traced.</summary>
    public bool HasSampler { get; }

    /// <summary>The part of the requests that is traced where that is not said.</summary>
    public double SampledPart { get; } = 0.05;

    public bool IsAnything => MetricsTo is not null || TracesTo is not null || LogsTo is not null || Prometheus;

    /// <summary>The collectors that get something.</summary>
    public IEnumerable<Uri> Collectors => ((Uri?[])[MetricsTo, TracesTo, LogsTo]).OfType<Uri>().Distinct();

    /// <summary>What makes no sense, each with what to do.</summary>
    public IReadOnlyList<string> Problems => _problems;

    private Uri? AskedEndpointFor(string signal)
    {
        var isAskedFor = Exporters(signal, ["otlp", "none"]).Contains("otlp");
        return EndpointFor(signal, isAskedFor, isAskedFor);
    }

    private string[] Exporters(string signal, string[] known)
    {
        var name = $"OTEL_{signal}_EXPORTER";
        var named = (_environment[name] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var unknown in named.Except(known))
        {
            _problems.Add($"{name}: there is no exporter '{unknown}'; write {Or(known)}");
        }

        return [.. named.Intersect(known)];
    }

    private Uri? EndpointFor(string signal, bool isWanted, bool isAskedFor)
    {
        var name = $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
        name = string.IsNullOrEmpty(_environment[name]) ? Endpoint : name;
        var written = _environment[name];
        if (!isWanted)
        {
            return null;
        }

        if (string.IsNullOrEmpty(written))
        {
            if (isAskedFor)
            {
                _problems.Add(
                    $"OTEL_{signal}_EXPORTER is otlp, and nobody gets them: set {Endpoint} to the collector's address, such as "
                    + "http://localhost:4317");
            }

            return null;
        }

        if (Uri.TryCreate(written, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        Add($"{name}: '{written}' is no address of a collector; write it as http://localhost:4317");
        return null;
    }

    private bool OneOf(string name, string[] known, string otherwise)
    {
        var isSet = !string.IsNullOrEmpty(_environment[name]);
        if (isSet && !known.Contains(_environment[name]))
        {
            _problems.Add($"{name}: there is no '{_environment[name]}'; write {Or(known)}. Until then it is {otherwise}");
            isSet = false;
        }

        return isSet;
    }

    private void Number(string name, string otherwise)
    {
        if (_environment[name] is { Length: > 0 } written
            && !(int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
        {
            _problems.Add($"{name}: '{written}' is no number of milliseconds. Until one is written it is {otherwise}");
        }
    }

    private double? Ratio(string name)
    {
        if (_environment[name] is not { Length: > 0 } written)
        {
            return null;
        }

        if (double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1)
        {
            return ratio;
        }

        _problems.Add($"{name}: '{written}' is no part of all; write a number from 0 to 1");
        return null;
    }

    /// <summary>Adds what several signals may have in common, once.</summary>
    private void Add(string problem)
    {
        if (!_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }

    private static string Or(string[] known) => $"{string.Join(", ", known[..^1])} or {known[^1]}";
}

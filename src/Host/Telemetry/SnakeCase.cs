using System.Text.Json;

namespace AptP2P.Host.Telemetry;

/// <summary>Attribute values as OpenTelemetry writes them: <c>no_index</c>.</summary>
internal static class SnakeCase
{
    public static string Of(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Origins.Connecting;

/// <summary>What section <c>[Origins]</c> says of names and addresses.</summary>
internal sealed class ConnectingOptions
{
    [Description(
        "How long an address of an origin has for itself to take a connection before the next is tried as well; the first to connect is "
        + "used (RFC 8305).")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:02")]
    public TimeSpan AttemptDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    [Description("How long an address that did not take a connection is tried after the others of its name.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan AvoidAddress { get; set; } = TimeSpan.FromMinutes(10);

    [Description("How long the addresses of a name are used when the resolver is silent or fails.")]
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan KeepNames { get; set; } = TimeSpan.FromDays(1);
}

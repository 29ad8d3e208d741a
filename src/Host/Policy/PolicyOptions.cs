using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Policy;

/// <summary>Section <c>[Policy]</c>: which policy. The rest of the section is the policy's own.</summary>
internal sealed class PolicyOptions
{
    [Description("Which policy decides where bytes come from: FewPeers, or one that a plugin brings.")]
    [Required]
    public string Name { get; set; } = FewPeersPolicy.PolicyName;

    [Description("How long a plugin's policy may take to decide. Where it does not, FewPeers decides until it does.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:20")]
    public TimeSpan DecisionTime { get; set; } = TimeSpan.FromMilliseconds(500);
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AptP2P.Host.Policy;

/// <summary>Section <c>[Policy]</c>: which policy. The rest of the section is the policy's own.</summary>
internal sealed class PolicyOptions
{
    [Description("Which policy decides where bytes come from: FewPeers, or one that a plugin brings.")]
    [Required]
    public string Name { get; set; } = FewPeersPolicy.PolicyName;
}

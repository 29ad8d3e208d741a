using System.ComponentModel;

namespace AptP2P.Host.Catalog.Signatures;

/// <summary>Further keys of the section <c>[Catalog]</c>: whose word is believed.</summary>
internal sealed class SignatureOptions
{
    [Description(
        "Whether the signature of a new Release is checked, by sqv or gpgv, with the keys that apt on this machine has for its archive. "
        + "Auto: where there are such keys, one that apt would refuse is not kept as the copy for outages, and what only it names is not "
        + "shared. Warn: it is only logged.")]
    public SignaturesMode Signatures { get; set; } = SignaturesMode.Auto;

    [Description(
        "apt's configuration on this machine: sources.list and sources.list.d say which keys are an archive's, trusted.gpg.d has those "
        + "for all others. Empty: not read.")]
    public string AptSources { get; set; } = "/etc/apt";

    [Description(
        "Where packages put the keys of archives. They are tried for archives that are not among this machine's own sources, such as "
        + "those of other machines that use this daemon. Empty: none.")]
    public string Keyrings { get; set; } = "/usr/share/keyrings";
}

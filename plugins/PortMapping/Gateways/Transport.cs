namespace AptP2P.Ports.Gateways;

/// <summary>What a mapping is for, by its number in IP (RFC 791, as PCP has it).</summary>
internal enum Transport : byte
{
    Tcp = 6,
    Udp = 17,
}

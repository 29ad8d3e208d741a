namespace AptP2P.Ports.Gateways;

/// <summary>Whether a mapping is still there, as far as its router says.</summary>
internal enum Standing
{
    Stands,
    Lost,
    Silent,
}

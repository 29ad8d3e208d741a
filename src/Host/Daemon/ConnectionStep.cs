using Microsoft.AspNetCore.Connections;

namespace AptP2P.Host.Daemon;

/// <summary>
/// What a feature does with every connection before it is HTTP. Registered as a service; <see cref="Server"/> puts it in.
/// </summary>
internal delegate Task ConnectionStep(ConnectionContext connection, ConnectionDelegate next);

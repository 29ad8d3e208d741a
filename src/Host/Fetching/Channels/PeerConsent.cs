namespace AptP2P.Host.Fetching.Channels;

/// <summary>
/// Whether peers may be looked for and asked for a content. What is not known to be public may be known as that once its origin was
/// connected to.
/// </summary>
internal delegate bool PeerConsent(Content content);

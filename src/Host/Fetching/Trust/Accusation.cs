using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Trust;

/// <summary>That a channel gave or said something wrong. Made outside of the lock, since a plugin hears it.</summary>
/// <param name="Accused">The channel.</param>
/// <param name="IsItsWord">Whether it gave that on its own word, and did not just pass it on.</param>
/// <param name="Evidence">In words.</param>
internal readonly record struct Accusation(FetchChannel Accused, bool IsItsWord, string Evidence)
{
    public void Make() => Accused.Accuse(IsItsWord, Evidence);
}

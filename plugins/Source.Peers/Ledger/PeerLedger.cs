using System.Net;
using AptP2P.Source.Peers.Addresses;

namespace AptP2P.Source.Peers.Ledger;

/// <summary>What was exchanged with whom in the last hour, for people who want to see it. Nothing is decided by it.</summary>
internal sealed class PeerLedger(PeerParties parties, TimeProvider time)
{
    public const int Remembered = 200; // more than anybody reads; strangers who take a byte each must not fill the memory

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, PeerAccount> _accounts = [];

    /// <summary>Those with whom bytes of contents were exchanged in the last hour, the busiest first.</summary>
    public IReadOnlyList<PeerBalance> Balances
    {
        get
        {
            PeerAccount[] accounts;
            lock (_lock)
            {
                accounts = [.. _accounts.Values];
            }

            return
            [
                .. accounts
                    .Select(static account => account.Balance)
                    .Where(static balance => balance.Received + balance.Sent > 0)
                    .OrderByDescending(static balance => balance.Received + balance.Sent)
                    .ThenByDescending(static balance => balance.Seen),
            ];
        }
    }

    /// <summary>
    /// The account of whoever has an address, for an exchange that begins. Of too many, the one of whom nothing was seen for longest is
    /// forgotten.
    /// </summary>
    public PeerAccount Open(IPAddress address)
    {
        var party = parties.Of(address);
        lock (_lock)
        {
            if (!_accounts.TryGetValue(party, out var account))
            {
                if (_accounts.Count >= Remembered)
                {
                    _accounts.Remove(_accounts.MinBy(static entry => entry.Value.Balance.Seen).Key);
                }

                _accounts[party] = account = new PeerAccount(party, address.Plain(), time);
            }

            return account;
        }
    }
}

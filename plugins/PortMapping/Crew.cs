using System.Net;
using System.Net.Sockets;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Keeping;

namespace AptP2P.Ports;

/// <summary>The keepers of the routers that this machine has now.</summary>
/// <param name="setup">What they need.</param>
/// <param name="board">Where it is said how it stands.</param>
/// <param name="failed">Is told of a keeper that a fault of its own has ended.</param>
internal sealed class Crew(KeeperSetup setup, Board board, Action<Gateway, Exception> failed)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Gateway, Post> _posts = [];
    private readonly List<Task> _leaving = [];
    private readonly List<Held> _told = []; // of each post, in the order of the routers

    /// <summary>Takes up what is new and gives up what is gone.</summary>
    public void Follow(IReadOnlyList<Gateway> gateways)
    {
        lock (_lock)
        {
            foreach (var gone in _posts.Keys.Except(gateways).ToList())
            {
                _posts.Remove(gone, out var post);
                _told.RemoveAll(held => held.Gateway == gone);
                _leaving.RemoveAll(task => task.IsCompleted);
                _leaving.Add(post!.DisposeAsync().AsTask());
            }

            foreach (var gateway in gateways.Where(gateway => !_posts.ContainsKey(gateway) && NeedsMapping(gateway)))
            {
                _posts[gateway] = new Post(new Keeper(gateway, setup, Take), exception => failed(gateway, exception));
            }

            Say(AddressFamily.InterNetwork, gateways);
            Say(AddressFamily.InterNetworkV6, gateways);
        }
    }

    /// <summary>Passes on what a router has told everybody.</summary>
    public void Hear(IPAddress from)
    {
        lock (_lock)
        {
            foreach (var (gateway, post) in _posts)
            {
                if (gateway.Address.Equals(from))
                {
                    post.Keeper.Hear();
                }
            }
        }
    }

    /// <summary>The machine may be in another network.</summary>
    public void Move()
    {
        lock (_lock)
        {
            foreach (var post in _posts.Values)
            {
                post.Keeper.Move();
            }
        }
    }

    /// <summary>Takes all mappings away.</summary>
    public Task LeaveAsync()
    {
        lock (_lock)
        {
            _leaving.AddRange(_posts.Values.Select(post => post.DisposeAsync().AsTask()));
            _posts.Clear();
            return Task.WhenAll(_leaving);
        }
    }

    private static bool NeedsMapping(Gateway gateway) =>
        gateway.Family == AddressFamily.InterNetworkV6 || gateway.Own.Scope() != AddressScope.Public;

    private void Take(Held held)
    {
        lock (_lock)
        {
            if (_posts.ContainsKey(held.Gateway))
            {
                _told.RemoveAll(other => other.Gateway == held.Gateway);
                _told.Add(held);
                Say(held.Gateway.Family, [.. _posts.Keys]);
            }
        }
    }

    /// <summary>The best of what the routers do; until one does something, nothing before all have been asked.</summary>
    private void Say(AddressFamily family, IReadOnlyList<Gateway> gateways)
    {
        var told = _told.Where(held => held.Gateway.Family == family).ToList();
        var best = told.Find(held => held.IsWhole) ?? told.Find(held => held.Tcp is not null || held.Udp is not null);
        var posts = _posts.Keys.Count(gateway => gateway.Family == family);
        if (best is not null || (posts > 0 && told.Count == posts))
        {
            best ??= told[0];
            board.Say(best.Mapping, best);
        }
        else if (posts == 0)
        {
            board.Say(new PortMapping(family, null, null, WhyNone(family, gateways)), null);
        }
    }

    private static string WhyNone(AddressFamily family, IReadOnlyList<Gateway> gateways) =>
        gateways.FirstOrDefault(gateway => gateway.Family == family) is { } gateway
            ? $"this machine has the public address {gateway.Own} itself: nothing has to be mapped"
            : family == AddressFamily.InterNetwork
                ? "there is no router: this machine has no default route"
                : "there is no router for IPv6, or this machine has no global IPv6 address";

    /// <summary>A keeper at work.</summary>
    private sealed class Post : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _work;

        public Post(Keeper keeper, Action<Exception> failed)
        {
            Keeper = keeper;
            _work = Task.Run(() => WorkAsync(failed));
        }

        public Keeper Keeper { get; }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _work;
            await Keeper.ReleaseAsync();
            _end.Dispose();
        }

        private async Task WorkAsync(Action<Exception> failed)
        {
            try
            {
                await Keeper.RunAsync(_end.Token);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                // left
            }
            catch (Exception exception) // the other routers, and the daemon, go on
            {
                failed(exception);
            }
        }
    }
}

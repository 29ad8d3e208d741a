using System.Net;

namespace AptP2P.EndToEnd.Strangers;

/// <summary>
/// Many callers at a time, from this machine's address and from strangers', who send what is drawn for them, with datagrams in between.
/// </summary>
internal sealed class Crowd(SignedRepository repository, IPEndPoint daemon, Uri mirror, IPEndPoint silent, int seed)
{
    private const int Callers = 40; // at a time
    private const int MostOfASeed = 1_000_003; // requests
    private const int Datagrams = 3; // before each request, at most
    private const double StrangersShare = 0.3;

    private readonly ValidRequests _valid = new(repository, daemon, mirror, silent);
    private int _next;

    /// <summary>Datagrams that made sense to the daemon's DHT node.</summary>
    public long Answered { get; private set; }

    /// <summary>Sends as many requests of each kind, and says what was wrong with the answers.</summary>
    public async Task<IReadOnlyList<string>> SendAsync(int each)
    {
        var end = _next + 2 * each;
        var faults = new List<string>();
        await Task.WhenAll(Enumerable.Range(1, Callers).Select(
            caller => Task.Run(() => CallAsync(caller, end, faults), TestContext.Current.CancellationToken)));
        _next = end;
        return faults;
    }

    private async Task CallAsync(int number, int end, List<string> faults)
    {
        using var caller = new Caller(daemon);
        using var datagrams = new RandomDatagrams(new IPAddress([127, 66, 250, (byte)number]), daemon, repository);
        var random = new RandomRequests(_valid);
        while (Interlocked.Increment(ref _next) is var ticket && ticket <= end)
        {
            var drawn = new Random(unchecked((seed * MostOfASeed) + ticket)); // so a request is the same in each run, whoever sends it
            var request = ticket % 2 == 0 ? random.Next(drawn) : _valid.Next(drawn);
            var stranger = new IPAddress([127, 66, (byte)drawn.Next(4), (byte)drawn.Next(1, 250)]);
            var from = drawn.Chance(StrangersShare) ? stranger : IPAddress.Loopback;
            for (var i = drawn.Next(Datagrams + 1); i > 0; i--)
            {
                await datagrams.SendAsync(drawn, TestContext.Current.CancellationToken);
            }

            await SendAsync(caller, ticket, from, request, faults);
        }

        lock (faults)
        {
            Answered += datagrams.Answers;
        }
    }

    private async Task SendAsync(Caller caller, int ticket, IPAddress from, StrangeRequest request, List<string> faults)
    {
        string? fault;
        try
        {
            var sending = caller.SendAsync(from, request, TestContext.Current.CancellationToken);
            var answer = await sending.WaitAsync(Command.Patience, TestContext.Current.CancellationToken);
            fault = StrangeAnswer.FindFault(request, answer, repository);
        }
        catch (TimeoutException)
        {
            fault = "no end comes";
        }

        if (fault is not null)
        {
            lock (faults)
            {
                faults.Add($"request {ticket} from {from}: {fault}: {request}");
            }
        }
    }
}

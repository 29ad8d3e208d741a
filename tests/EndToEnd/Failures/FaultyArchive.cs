using AptP2P.Testing.Http;

namespace AptP2P.EndToEnd.Failures;

/// <summary>The files of a folder, at a mirror that answers some of them as a test tells it to.</summary>
internal sealed class FaultyArchive : IAsyncDisposable
{
    private const string Prefix = "/debian/";

    private readonly string _root;
    private readonly FaultyServer _server;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _asked = [];
    private (string PathPart, FailureRow Row)? _rule;

    private FaultyArchive(string root, System.Net.IPAddress address)
    {
        _root = root;
        _server = FaultyServer.Start(address.ToString(), default);
        _server.ETag = ""; // as Debian's mirrors, and apt goes by the date alone
        _server.Otherwise = Answer;
    }

    public string Authority => _server.EndPoint.ToString();

    public Uri Address => new($"http://{Authority}/");

    /// <summary>How often it was asked for the files that a row is about.</summary>
    public int Requests
    {
        get
        {
            lock (_lock)
            {
                return _asked.Values.Sum();
            }
        }
    }

    public static FaultyArchive Start(string root, System.Net.IPAddress address) => new(root, address);

    /// <summary>From now on, what a row says is done with each file whose path has a part in it.</summary>
    public void Begin(string pathPart, FailureRow row)
    {
        lock (_lock)
        {
            _rule = (pathPart, row);
        }
    }

    /// <summary>All is well again.</summary>
    public void End()
    {
        lock (_lock)
        {
            _rule = null;
        }
    }

    public override string ToString() =>
        string.Join(
            '\n',
            _server.Requests.Select(request =>
                $"{request.Method} {request.Target} {request["Range"] ?? "whole"}, {request.BytesSent} bytes"));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Answer Answer(ServedRequest request)
    {
        var path = Uri.UnescapeDataString(request.Target);
        var file = Path.Combine(_root, path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : "");
        if (!File.Exists(file))
        {
            return AptP2P.Testing.Http.Answer.Error(404);
        }

        ReadOnlyMemory<byte> bytes = File.ReadAllBytes(file);
        var answer = FaultOf(path)(request, bytes.Length);
        return answer.Status is null ? answer with { Body = bytes } : answer;

        Fault FaultOf(string asked)
        {
            lock (_lock)
            {
                if (_rule is not { } rule || !asked.Contains(rule.PathPart, StringComparison.Ordinal))
                {
                    return Faults.NoneAndNoMore; // what is asked next comes on a new connection, whatever else was before
                }

                var before = _asked[asked] = _asked.GetValueOrDefault(asked) + 1;
                return rule.Row.At(before - 1, request["Range"] is not null);
            }
        }
    }
}

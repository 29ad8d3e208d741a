using System.Net;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Proxy.Metadata;

/// <summary>
/// Asks origins about files of which there is a copy: once for all clients that want to know, and, where there is no answer, again after
/// pauses that grow, until there is one or nobody has wanted it for a while. A pause ends when the machine comes to another network.
/// </summary>
internal sealed class MetadataQuestions(
    MetadataCopies copies, MetadataKeeping keeping, FailoverClient origins, OriginHealth health, OutageLog outages,
    IOptions<FailoverOptions> options, IMachineAddresses machine, IHostApplicationLifetime lifetime, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Questions at a time. A machine has some ten suites; each question holds a connection and a draft of up to 10 MB.</summary>
    private const int MaxQuestions = 100;

    /// <summary>Of these, about files of one archive: one that never answers must leave room for others.</summary>
    private const int MaxOfOne = 20;

    /// <summary>
    /// How long an origin that does not answer is asked without a client that wants to know. Longer would only wake a machine that is
    /// offline.
    /// </summary>
    private static readonly TimeSpan Interest = TimeSpan.FromMinutes(10);

    /// <summary>How long a look waits for an origin that is usually quick, or is not known.</summary>
    private static readonly TimeSpan LookPatience = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<(string, OriginReach), MetadataQuestion> _questions = [];
    private readonly HashSet<Task> _running = [];
    private readonly Lock _lock = new();

    /// <summary>Begins to ask, or joins the question that is under way. The caller leaves it.</summary>
    /// <param name="origin">The file.</param>
    /// <returns><see langword="null"/> when there are too many.</returns>
    public MetadataQuestion? Join(Origin origin)
    {
        if (MetadataCopies.NameOf(origin) is not { } name)
        {
            return null;
        }

        lock (_lock)
        {
            if (!_questions.TryGetValue((name, origin.Reach), out var question))
            {
                var isFull = _questions.Count >= MaxQuestions
                    || _questions.Values.Count(other => other.Origin.Authority == origin.Authority) >= MaxOfOne;
                if (isFull || lifetime.ApplicationStopping.IsCancellationRequested)
                {
                    return null;
                }

                question = new MetadataQuestion(origin, time);
                _questions.Add((name, origin.Reach), question);
                var run = RunAsync(question, (name, origin.Reach), lifetime.ApplicationStopping);
                _running.Add(run);
                run.ContinueWith(Remove, TaskScheduler.Default);
            }

            question.Join();
            return question;
        }
    }

    /// <summary>Waits for the answer, as long as it is worth where there is a copy. A client that waits in vain is the last.</summary>
    /// <returns><see langword="null"/> when the origin is in trouble or takes longer.</returns>
    public async Task<MetadataAnswer?> WaitAsync(MetadataQuestion question, CancellationToken cancellationToken)
    {
        var wasLate = question.IsLate;
        var answer = await question.WaitAsync(
            health.PatienceFor(question.Origin.Authority), options.Value.LongestPatience, cancellationToken);
        if (!wasLate && question.IsLate)
        {
            outages.GoesAway(question.Origin, isSilent: true, "it does not answer in time");
        }

        return answer;
    }

    /// <summary>Asks, and waits for the answer where the origin is quick: for who has what may well be right.</summary>
    public async Task LookAsync(Origin origin, CancellationToken cancellationToken)
    {
        if (!health.IsAway(origin.Authority) && Join(origin) is { } question)
        {
            try
            {
                await question.LookAsync(health.PatienceFor(origin.Authority, LookPatience), cancellationToken);
            }
            finally
            {
                question.Leave();
            }
        }
    }

    /// <summary>Ends when all questions that are under way now have an answer, or nobody wants to know any more.</summary>
    public Task SettledAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_running);
        }
    }

    public async ValueTask DisposeAsync() => await SettledAsync(); // they were told to stop when the application was

    private void Remove(Task run)
    {
        lock (_lock)
        {
            _running.Remove(run);
        }
    }

    private async Task RunAsync(MetadataQuestion question, (string, OriginReach) key, CancellationToken stopping)
    {
        await Task.Yield(); // the caller holds the lock
        MetadataAnswer? answer = null;
        try
        {
            var network = machine.Changes;
            for (var failures = 1; (answer = await AskAsync(question, stopping)) is null && question.Unwanted < Interest; failures++)
            {
                question.Answer(null);
                network = await PauseAsync(health.PauseAfter(failures), network, stopping);
            }

            if (answer is null)
            {
                health.Forget(question.Origin.Authority); // who wants to know next finds out anew
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Who waits does with what they have.
        }
        catch (Exception e)
        {
            outages.HasFault(question.Origin, e); // a fault here must not cost the requests
        }

        lock (_lock)
        {
            _questions.Remove(key);
        }

        question.Answer(answer);
    }

    private async Task<int> PauseAsync(TimeSpan pause, int network, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(Task.Delay(pause, time, end.Token), machine.WaitForChangeAsync(network, end.Token));
        await end.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        return machine.Changes;
    }

    /// <returns><see langword="null"/> when the origin is in outages.</returns>
    private async Task<MetadataAnswer?> AskAsync(MetadataQuestion question, CancellationToken stopping)
    {
        var origin = question.Origin;
        MetadataHeaders? known;
        await using (var copy = copies.Open(origin))
        {
            known = copy?.Headers;
        }

        var start = time.GetTimestamp();
        using var limit = new CancellationTokenSource(MetadataDraft.Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, limit.Token);
        try
        {
            using var response = await origins.GetAsync(origin, headers => MetadataConditions.Ask(headers, known), either.Token);
            if (StatusMeaning.IsTrouble(response.StatusCode))
            {
                outages.GoesAway(origin, isSilent: false, $"it answers {(int)response.StatusCode}");
                return null;
            }

            outages.Answered(origin, time.GetElapsedTime(start));
            return response.StatusCode == HttpStatusCode.NotModified && known is not null
                    ? new MetadataAnswer { What = MetadataAnswer.Give.Copy }
                : response.StatusCode == HttpStatusCode.OK ? await TakeAsync(question, response, stopping)
                : await RefusalAsync(question, response, stopping);
        }
        catch (HttpRequestException e)
        {
            outages.GoesAway(origin, isSilent: true, e.InnerException?.Message ?? e.Message);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            outages.GoesAway(origin, isSilent: true, "it does not answer");
        }

        return null;
    }

    private async Task<MetadataAnswer> TakeAsync(MetadataQuestion question, HttpResponseMessage response, CancellationToken stopping)
    {
        var tooLarge = new MetadataAnswer { What = MetadataAnswer.Give.Stream };
        if (response.Content.Headers.ContentLength > MetadataCopies.MaxLength
            || copies.Begin(question.Origin, MetadataHeaders.Of(response, time.GetUtcNow()), hasAuthorization: false) is not { } draft)
        {
            return tooLarge;
        }

        await using (draft)
        {
            question.Draft = draft;
            try
            {
                await draft.ReadAsync(response, time, stopping);
            }
            finally
            {
                question.Draft = null;
            }

            if (draft.HasFailed)
            {
                return tooLarge;
            }

            return (await keeping.KeepAsync(draft, settles: false, stopping)).Kept switch
            {
                KeepOutcome.Kept => new MetadataAnswer { What = MetadataAnswer.Give.NewCopy },
                KeepOutcome.Older => new MetadataAnswer { What = MetadataAnswer.Give.Copy },
                _ => new MetadataAnswer { What = MetadataAnswer.Give.Answer, Headers = draft.Headers, Body = draft.OpenFile() },
            };
        }
    }

    /// <summary>
    /// An answer that says something of the file, and is not the file: apt knows what to do then (Release in InRelease's place).
    /// </summary>
    private async Task<MetadataAnswer> RefusalAsync(MetadataQuestion question, HttpResponseMessage response, CancellationToken stopping)
    {
        var (origin, headers) = (question.Origin, MetadataHeaders.Of(response, time.GetUtcNow()));
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            await keeping.HasNoSignatureAsync(origin, stopping);
        }

        await using var draft = copies.Begin(origin, headers, hasAuthorization: false);
        if (draft is not null)
        {
            await draft.ReadAsync(response, time, stopping);
        }

        return new MetadataAnswer
        {
            What = draft is { HasFailed: false } ? MetadataAnswer.Give.Answer : MetadataAnswer.Give.Stream,
            Status = (int)response.StatusCode,
            Headers = headers,
            More = [.. from header in response.Headers.NonValidated
                       where header.Key is "WWW-Authenticate" or "Retry-After"
                       select KeyValuePair.Create(header.Key, header.Value.ToString())],
            Body = draft is { HasFailed: false } ? draft.OpenFile() : null,
        };
    }
}

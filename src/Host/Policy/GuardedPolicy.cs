using System.Collections.Concurrent;

namespace AptP2P.Host.Policy;

/// <summary>
/// A plugin's policy, asked on a thread of its own. While it throws, blocks or does not return, another one decides. No fetch waits for it
/// for longer than a moment.
/// </summary>
/// <param name="policy">The plugin's.</param>
/// <param name="otherwise">Who decides where it does not.</param>
/// <param name="limit">How long one decision may take.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told once when it fails, not for each decision.</param>
internal sealed partial class GuardedPolicy(
    ISourcePolicy policy, ISourcePolicy otherwise, TimeSpan limit, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>A policy that wants to be asked again at once, each time, must not take a whole processor.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(10);

    private readonly BlockingCollection<Question> _questions = []; // one for each fetch at most, and none while the thread is held up
    private readonly Lock _lock = new();
    private Thread? _thread;
    private long? _asked; // since when the policy decides (a timestamp)
    private bool _isFaulty;

    private bool IsHeldUp
    {
        get
        {
            lock (_lock)
            {
                return _asked is { } since && time.GetElapsedTime(since) >= limit;
            }
        }
    }

    public async ValueTask<SourcePlan> DecideAsync(FetchState state)
    {
        if (!IsHeldUp)
        {
            var question = new Question(state);
            EnsureThread();
            _questions.Add(question);
            await ((Task)question.Answer.Task)
                .WaitAsync(limit, time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            question.IsWithdrawn = true;
            if (question.Answer.Task.IsCompleted && await question.Answer.Task is { } plan)
            {
                return plan;
            }

            Report(null, $"it has not decided in {limit.TotalSeconds:0.#} s");
        }

        return otherwise.Decide(state);
    }

    public void Dispose() => _questions.CompleteAdding(); // the thread ends by itself, if it ever does

    private void EnsureThread()
    {
        lock (_lock)
        {
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = $"policy {policy.Name}" };
                _thread.Start();
            }
        }
    }

    private void Run()
    {
        foreach (var question in _questions.GetConsumingEnumerable().Where(question => !question.IsWithdrawn))
        {
            SetAsked(time.GetTimestamp());
            SourcePlan? plan = null;
            try
            {
                plan = Sanitize(policy.Decide(question.State));
                _isFaulty = false;
            }
            catch (Exception e)
            {
                Report(e, e.Message);
            }
            finally
            {
                SetAsked(null);
            }

            question.Answer.SetResult(plan);
        }
    }

    private void SetAsked(long? since)
    {
        lock (_lock)
        {
            _asked = since;
        }
    }

    private static SourcePlan Sanitize(SourcePlan plan) => plan with
    {
        Peers = Enum.IsDefined(plan.Peers) ? plan.Peers : PeerUse.Search,
        AskAgain = plan.AskAgain < LeastPause ? LeastPause : plan.AskAgain,
        Origins = Math.Max(0, plan.Origins),
    };

    private void Report(Exception? exception, string reason)
    {
        if (!_isFaulty)
        {
            _isFaulty = true;
            LogFaulty(exception, policy.Name, reason, otherwise.Name);
        }
    }

    /// <summary>How one fetch stands, and what is planned for it; nothing where the policy has failed.</summary>
    private sealed class Question(FetchState state)
    {
        public FetchState State => state;

        public TaskCompletionSource<SourcePlan?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsWithdrawn { get; set; }
    }

    [LoggerMessage(1210, LogLevel.Error, "The policy {Policy} has a fault: {Reason}. Where it does not decide, {Otherwise} does")]
    private partial void LogFaulty(Exception? exception, string policy, string reason, string otherwise);
}

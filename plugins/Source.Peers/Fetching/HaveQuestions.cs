using AptP2P.Source.Peers.Messages;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>The questions for one peer: one request at a time, with all that was asked meanwhile.</summary>
/// <param name="ask">Sends one request; its own time limits end it.</param>
internal sealed class HaveQuestions(Func<IReadOnlyList<ContentHash>, Task<byte[]?>> ask)
{
    private readonly Lock _lock = new();
    private readonly Queue<(ContentHash Hash, TaskCompletionSource<bool> Answer)> _waiting = new();
    private Task _asking = Task.CompletedTask;

    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _asking.IsCompleted && _waiting.Count == 0;
            }
        }
    }

    public Task<bool> AskAsync(ContentHash hash)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue((hash, answer));
            if (_waiting.Count == 1)
            {
                _asking = AskNextAsync(_asking);
            }
        }

        return answer.Task;
    }

    /// <summary>Waits for the requests that are on their way.</summary>
    public Task EndAsync()
    {
        lock (_lock)
        {
            return _asking;
        }
    }

    private async Task AskNextAsync(Task before)
    {
        await Task.WhenAny(before); // however it ended
        var questions = Take();
        byte[]? field = null;
        try
        {
            field = await ask([.. questions.Select(question => question.Hash)]);
        }
        catch (OperationCanceledException)
        {
            // The daemon stops: nobody is known to have anything.
        }
        finally
        {
            for (var i = 0; i < questions.Count; i++)
            {
                questions[i].Answer.SetResult(field is not null && BitField.Has(field, i));
            }
        }
    }

    private List<(ContentHash Hash, TaskCompletionSource<bool> Answer)> Take()
    {
        lock (_lock)
        {
            List<(ContentHash, TaskCompletionSource<bool>)> questions = [];
            while (questions.Count < HaveMessage.MaxHashes && _waiting.TryDequeue(out var question))
            {
                questions.Add(question);
            }

            if (_waiting.Count > 0)
            {
                _asking = AskNextAsync(_asking);
            }

            return questions;
        }
    }
}

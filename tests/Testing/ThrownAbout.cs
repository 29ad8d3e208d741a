using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace AptP2P.Testing;

/// <summary>Gathers what is thrown about files below a folder, even if it is caught: an expected miss should be a value.</summary>
public sealed class ThrownAbout : IDisposable
{
    private readonly ConcurrentQueue<string> _messages = new();
    private readonly string _folder;

    public ThrownAbout(string folder)
    {
        _folder = folder;
        AppDomain.CurrentDomain.FirstChanceException += Note;
    }

    public IReadOnlyCollection<string> Messages => _messages;

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= Note;

    private void Note(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is IOException failure && failure.Message.Contains(_folder, StringComparison.Ordinal))
        {
            _messages.Enqueue(failure.Message);
        }
    }
}

using System.Collections.Immutable;

namespace AptP2P.Host.Traffic;

/// <summary>
/// Traffic in steps of the same length, counted from 1970, so that they are the same after a restart. Each step has its place, which a
/// later one takes over: there are never more than <paramref name="places"/>. Not thread-safe.
/// </summary>
/// <param name="key">What it is called in the JSON, and in the database.</param>
/// <param name="label">What people call it.</param>
/// <param name="length">How long a step is: whole seconds.</param>
/// <param name="shown">How many steps are shown.</param>
/// <param name="places">How many are kept.</param>
internal sealed class TrafficRing(string key, string label, TimeSpan length, int shown, int places)
{
    private readonly TrafficStep[] _steps = new TrafficStep[places];
    private readonly HashSet<int> _changed = [];
    private readonly long _seconds = (long)length.TotalSeconds;

    public string Key => key;

    /// <summary>The daemon was at work between two moments, so that these steps are no gap.</summary>
    public void Touch(DateTimeOffset from, DateTimeOffset to)
    {
        for (var (number, last) = (NumberOf(from), NumberOf(to)); number <= last && last - number < places; number++)
        {
            Add(number, default);
        }
    }

    public void Add(DateTimeOffset at, TrafficCount count) => Add(NumberOf(at), count);

    /// <summary>Takes in what an earlier run has left of a step. What makes no sense is left out.</summary>
    public void Restore(int place, TrafficStep step)
    {
        if (step.Number > 0 && PlaceOf(step.Number) == place && _steps[place].Number <= step.Number)
        {
            Add(step.Number, step.Count);
        }
    }

    /// <summary>What came in all steps that began between two moments.</summary>
    public TrafficCount Sum(DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last) = ((double)from.ToUnixTimeSeconds() / _seconds, NumberOf(to));
        return _steps.Where(step => step.Number > 0 && step.Number >= first && step.Number <= last)
            .Aggregate(default(TrafficCount), (sum, step) => sum + step.Count);
    }

    /// <summary>
    /// The steps up to now, in bytes per second. That of the running step is what came in it so far by the time so far, or the chart would
    /// stand still until it ends.
    /// </summary>
    public StatusSpan Read(DateTimeOffset now)
    {
        var running = NumberOf(now);
        var points = ImmutableArray.CreateBuilder<ImmutableArray<double>>(shown);
        for (var number = running - shown + 1; number <= running; number++)
        {
            var seconds = number < running ? _seconds : Math.Max(1, (now - StartOf(running)).TotalSeconds);
            points.Add(number > 0 && _steps[PlaceOf(number)] is var step && step.Number == number
                ? [step.Count.Store / seconds, step.Count.Peers / seconds, step.Count.Mirror / seconds, step.Count.Sent / seconds]
                : default);
        }

        return new StatusSpan(key, label, StartOf(running + 1), length, points.MoveToImmutable());
    }

    /// <summary>The steps that have changed since the last time, with their places.</summary>
    public IEnumerable<(int Place, TrafficStep Step)> TakeChanged()
    {
        (int, TrafficStep)[] changed = [.. _changed.Select(place => (place, _steps[place]))];
        _changed.Clear();
        return changed;
    }

    /// <summary>Has all steps count as changed.</summary>
    public void ChangeAll() => _changed.UnionWith(Enumerable.Range(0, places).Where(place => _steps[place].Number > 0));

    private void Add(long number, TrafficCount count)
    {
        ref var step = ref _steps[PlaceOf(number)];
        if (step.Number != number || count != default)
        {
            step = new(number, step.Number == number ? step.Count + count : count);
            _changed.Add(PlaceOf(number));
        }
    }

    private int PlaceOf(long number) => (int)(number % places);

    /// <summary>At least 1: a machine without a clock of its own begins in 1970, and 0 is a free place.</summary>
    private long NumberOf(DateTimeOffset at) => Math.Max(1, at.ToUnixTimeSeconds() / _seconds);

    private DateTimeOffset StartOf(long number) => DateTimeOffset.FromUnixTimeSeconds(number * _seconds);
}

/// <summary>What came in one step.</summary>
/// <param name="Number">Which, counted from 1970; 0 is none.</param>
/// <param name="Count">How much.</param>
internal readonly record struct TrafficStep(long Number, TrafficCount Count);

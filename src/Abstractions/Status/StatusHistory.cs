using System.Collections.Immutable;

namespace AptP2P;

/// <summary>What was measured over time, in several spans.</summary>
/// <param name="Key">The key in the JSON.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Unit">What the numbers count.</param>
/// <param name="Series">What each number of a point is. <see cref="StatusColumn.Unit"/> does not count here.</param>
/// <param name="Spans">The same, from the shortest time with fine steps to the longest with coarse ones.</param>
public sealed record StatusHistory(
    string Key, string Label, StatusUnit Unit, ImmutableArray<StatusColumn> Series, ImmutableArray<StatusSpan> Spans)
    : StatusItem(Key, Label);

/// <summary>A span of a <see cref="StatusHistory"/>.</summary>
/// <param name="Key">The key in the JSON: <c>hour</c>, <c>day</c>.</param>
/// <param name="Label">What people call it.</param>
/// <param name="End">When the last step ends; it may still be running.</param>
/// <param name="Step">How long a step is.</param>
/// <param name="Points">
/// One for each step, the oldest first: a number for each series, or <see langword="default"/> where nothing was measured.
/// </param>
public sealed record StatusSpan(
    string Key, string Label, DateTimeOffset End, TimeSpan Step, ImmutableArray<ImmutableArray<double>> Points);

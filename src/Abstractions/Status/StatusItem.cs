using System.Collections.Immutable;

namespace AptP2P;

/// <summary>One item of a section.</summary>
/// <param name="Key">The key in the JSON: camelCase, stable.</param>
/// <param name="Label">What people call it.</param>
public abstract record StatusItem(string Key, string Label);

/// <summary>A single value.</summary>
/// <param name="Key">The key in the JSON.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Value">A number, a text, a truth value, a <see cref="DateTimeOffset"/>, or <see langword="null"/> for unknown.</param>
/// <param name="Unit">What a number counts.</param>
public sealed record StatusValue(string Key, string Label, object? Value, StatusUnit Unit = StatusUnit.None) : StatusItem(Key, Label);

/// <summary>Rows of values.</summary>
/// <param name="Key">The key in the JSON, an array of objects.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Columns">What each value of a row is.</param>
/// <param name="Rows">As many values in each as there are columns. A section keeps them few.</param>
public sealed record StatusTable(
    string Key, string Label, ImmutableArray<StatusColumn> Columns, ImmutableArray<ImmutableArray<object?>> Rows) : StatusItem(Key, Label);

/// <summary>A column of a <see cref="StatusTable"/>.</summary>
/// <param name="Key">The key in each row's object.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Unit">What a number counts.</param>
public sealed record StatusColumn(string Key, string Label, StatusUnit Unit = StatusUnit.None);

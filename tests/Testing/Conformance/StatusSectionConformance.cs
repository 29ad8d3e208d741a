using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>
/// What every <see cref="IStatusSection"/> must do, so that its JSON can be relied upon. Derive from it in the plugin's tests.
/// </summary>
public abstract class StatusSectionConformance
{
    protected abstract IStatusSection Section { get; }

    [Fact]
    public void Key_Always_IsLowerCase() => Assert.Matches("^[a-z][a-z0-9-]*$", Section.Key);

    [Fact]
    public void Title_Always_IsGiven() => Assert.NotEmpty(Section.Title);

    [Fact]
    public async Task Read_Items_HaveDistinctCamelCaseKeysAndLabels()
    {
        var items = await ReadAsync(); // none, while there is nothing to show

        Assert.All(items, item => Assert.Matches("^[a-z][a-zA-Z0-9]*$", item.Key));
        Assert.All(items, item => Assert.NotEmpty(item.Label));
        Assert.Equal(items.Count, items.DistinctBy(item => item.Key).Count());
    }

    [Fact]
    public async Task Read_Values_AreOfKnownTypes()
    {
        var items = await ReadAsync();

        Assert.All(items.OfType<StatusValue>(), item => AssertPlain(item.Value));
        Assert.All(items.OfType<StatusTable>().SelectMany(table => table.Rows).SelectMany(row => row), AssertPlain);
    }

    [Fact]
    public async Task Read_Tables_HaveAValuePerColumn()
    {
        foreach (var table in (await ReadAsync()).OfType<StatusTable>())
        {
            Assert.All(table.Rows, row => Assert.Equal(table.Columns.Length, row.Length));
            Assert.Equal(table.Columns.Length, table.Columns.DistinctBy(column => column.Key).Count());
        }
    }

    [Fact]
    public async Task Read_Histories_HaveANumberPerSeries()
    {
        foreach (var history in (await ReadAsync()).OfType<StatusHistory>())
        {
            Assert.Equal(history.Spans.Length, history.Spans.DistinctBy(span => span.Key).Count());
            Assert.All(history.Spans, span => Assert.True(span.Step > TimeSpan.Zero));
            Assert.All(
                history.Spans.SelectMany(span => span.Points).Where(point => !point.IsDefault),
                point => Assert.Equal(history.Series.Length, point.Length));
        }
    }

    [Fact]
    public async Task Read_Problems_SayWhatToDo() =>
        Assert.All((await ReadAsync()).OfType<StatusProblem>(), problem => Assert.NotEmpty(problem.Advice));

    private static void AssertPlain(object? value) =>
        Assert.True(value is null or string or bool or int or long or double or DateTimeOffset, $"{value?.GetType()} is not a plain value");

    private ValueTask<IReadOnlyList<StatusItem>> ReadAsync() => Section.ReadAsync(TestContext.Current.CancellationToken);
}

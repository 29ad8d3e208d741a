using Microsoft.Data.Sqlite;
using Xunit;

namespace AptP2P.Host.Tests.Traffic;

/// <summary>What is left of the traffic after a stop, a crash, and damage.</summary>
public sealed class TrafficKeeperTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TrafficRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Restart_AfterAPause_TotalsAreKeptAndThePauseIsAGap()
    {
        var first = _rig.Time.GetUtcNow();
        await _rig.StartAsync();
        _rig.Come(60, Minute);
        _rig.Come(120, Minute / 2);
        await _rig.StopAsync();
        _rig.Time.Advance(2 * Minute);

        await _rig.StartAsync();
        _rig.Come(600, Minute / 2);

        Assert.Equal(
            (780L, 780L, 600L),
            (await _rig.ValueAsync("allPeers"), await _rig.ValueAsync("todayPeers"), await _rig.ValueAsync("sessionPeers")));
        Assert.Equal(first, await _rig.ValueAsync("allSince"));
        Assert.Equal([null, 1, 2, null, 10, 0], (await _rig.RatesAsync("hour"))[^6..]);
    }

    [Fact]
    public async Task Restart_WithinAStep_TheStepHasBothParts()
    {
        await _rig.StartAsync();
        _rig.Come(1_000, TimeSpan.FromSeconds(10));
        await _rig.StopAsync();
        await _rig.StartAsync();
        _rig.Come(500, TimeSpan.FromSeconds(5));

        Assert.Equal(100, (await _rig.RatesAsync("hour"))[^1]);
    }

    [Fact]
    public async Task Crash_WhileSomethingComes_CostsAMinuteAtTheMost()
    {
        await _rig.StartAsync();
        _rig.Come(1_000, Minute);
        _rig.Come(10, Minute / 2);
        _rig.Crash();

        await _rig.StartAsync();

        Assert.Equal(1_000L, await _rig.ValueAsync("allPeers"));
    }

    [Fact]
    public async Task Look_NothingComes_TheDiskIsLeftAlone()
    {
        await _rig.StartAsync();
        _rig.Time.Advance(TimeSpan.FromHours(1.1));
        var writes = 0L;
        using var file = new SqliteConnection($"Data Source={_rig.File};Pooling=false");
        file.Open();
        for (var (minute, before) = (0, Version(file)); minute < 60; minute++)
        {
            _rig.Time.Advance(Minute);
            var now = Version(file);
            writes += now == before ? 0 : 1;
            before = now;
        }

        Assert.InRange(writes, 3, 5);
    }

    [Fact]
    public async Task Run_FiveWeeks_KeepsNoMoreThanIsShown()
    {
        await _rig.StartAsync();
        for (var hours = 0; hours < 35 * 24; hours++)
        {
            _rig.Come(3_600, TimeSpan.FromHours(1));
        }

        await _rig.StopAsync();

        using (var file = new SqliteConnection($"Data Source={_rig.File};Pooling=false"))
        {
            file.Open();
            using var count = new SqliteCommand("SELECT count(*) FROM step", file);
            Assert.Equal(64L + 104 + 128, count.ExecuteScalar());
        }

        Assert.InRange(new FileInfo(_rig.File).Length, 1, 100_000);
        await _rig.StartAsync();
        Assert.Equal(35L * 24 * 3_600, await _rig.ValueAsync("allPeers"));
        Assert.All((await _rig.RatesAsync("month"))[..^1], rate => Assert.Equal(1, rate));
    }

    [Theory]
    [InlineData(0)] // the header
    [InlineData(4096)] // a page of the tree
    public async Task Start_DamagedFile_BeginsAnewAndSaysSoOnce(int at)
    {
        await _rig.StartAsync();
        _rig.Come(1_000, Minute);
        await _rig.StopAsync();
        var bytes = await File.ReadAllBytesAsync(_rig.File, TestContext.Current.CancellationToken);
        bytes.AsSpan(at, 4_000).Fill(0xa5);
        await File.WriteAllBytesAsync(_rig.File, bytes, TestContext.Current.CancellationToken);

        await _rig.StartAsync();
        _rig.Come(10, 5 * Minute);
        await _rig.StopAsync();
        await _rig.StartAsync();

        Assert.Equal(10L, await _rig.ValueAsync("allPeers"));
        Assert.Contains("begins anew", Assert.Single(_rig.Log.Texts), StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_rig.File + ".damaged", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_ValuesThatNobodyHasCounted_AreLeftOut()
    {
        await _rig.StartAsync();
        _rig.Come(1_000, 2 * Minute);
        await _rig.StopAsync();
        using (var file = new SqliteConnection($"Data Source={_rig.File};Pooling=false"))
        {
            file.Open();
            using var change = new SqliteCommand(
                $"UPDATE step SET peers = -5 WHERE ring = 'day'; UPDATE step SET number = {long.MaxValue} WHERE ring = 'month'; "
                    + $"UPDATE step SET place = -7 WHERE ring = 'hour' AND peers > 0; UPDATE total SET since = {long.MaxValue}",
                file);
            Assert.True(change.ExecuteNonQuery() >= 4);
        }

        await _rig.StartAsync();

        Assert.Equal(1_000L, await _rig.ValueAsync("allPeers"));
        Assert.Equal(_rig.Time.GetUtcNow(), await _rig.ValueAsync("allSince"));
        foreach (var key in (string[])["hour", "day", "month"])
        {
            Assert.DoesNotContain(await _rig.RatesAsync(key), rate => rate is < 0 or > 0);
        }
    }

    [Fact]
    public async Task Look_FileThatCannotBeOpenedForAWhile_NothingIsLostAndItIsSaidOnce()
    {
        await _rig.StartAsync();
        _rig.Come(1_000, Minute);
        await _rig.StopAsync();
        var aside = _rig.File + ".moved";
        File.Move(_rig.File, aside);
        Directory.CreateDirectory(_rig.File);

        await _rig.StartAsync();
        _rig.Come(10, 3 * Minute);
        _rig.Come(10, 3 * Minute);
        Assert.Equal(20L, await _rig.ValueAsync("allPeers"));
        Directory.Delete(_rig.File);
        File.Move(aside, _rig.File);
        _rig.Come(10, Minute);
        Assert.Equal(1_030L, await _rig.ValueAsync("allPeers"));
        await _rig.StopAsync();
        await _rig.StartAsync();

        Assert.Equal(1_030L, await _rig.ValueAsync("allPeers"));
        Assert.Contains("cannot be read or written", Assert.Single(_rig.Log.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_FileThatWasDamagedMeanwhile_IsMendedAndWrittenAnew()
    {
        await _rig.StartAsync();
        using (var other = new SqliteConnection($"Data Source={_rig.File};Pooling=false"))
        {
            other.Open();
            using var damage = new SqliteCommand("DROP TABLE step", other);
            damage.ExecuteNonQuery();
            _rig.Come(1_000, Minute);
            Assert.Single(_rig.Log.Texts);
        }

        _rig.Come(10, Minute); // opened again, it has its tables
        _rig.Crash();
        await _rig.StartAsync();

        Assert.Equal(1_010L, await _rig.ValueAsync("allPeers"));
        Assert.Equal(1_000 / 60.0, (await _rig.RatesAsync("hour"))[^3]);
    }

    private static long Version(SqliteConnection file)
    {
        using var version = new SqliteCommand("PRAGMA data_version", file); // another one after each change by others
        return (long)version.ExecuteScalar()!;
    }
}

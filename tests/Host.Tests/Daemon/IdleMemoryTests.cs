using AptP2P.Host.Daemon;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Host.Tests.Daemon;

public sealed class IdleMemoryTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly IdleMemory _memory;
    private long _allocated;
    private int _given;

    public IdleMemoryTests() => _memory = new IdleMemory(_time, () => _allocated, () => _given++);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public async Task Look_AtRestAfterTheStart_GivesBackOnce()
    {
        await _memory.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, _given);

        _time.Advance(10 * IdleMemory.Period);

        Assert.Equal(1, _given);
    }

    [Fact]
    public async Task Look_AtWork_Waits()
    {
        await _memory.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 5; i++)
        {
            _allocated += IdleMemory.Rest;
            _time.Advance(IdleMemory.Period);
        }

        Assert.Equal(0, _given);
        _time.Advance(IdleMemory.Period);
        Assert.Equal(1, _given);
    }

    [Fact]
    public async Task Look_LittleWorkSinceTheLastTime_IsLeftUntilItIsMore()
    {
        await _memory.StartAsync(TestContext.Current.CancellationToken);
        _time.Advance(IdleMemory.Period);
        _allocated += IdleMemory.Work - 1;
        _time.Advance(2 * IdleMemory.Period);
        Assert.Equal(1, _given);

        _allocated++;
        _time.Advance(IdleMemory.Period);

        Assert.Equal(2, _given);
    }

    [Fact]
    public async Task Stop_Then_LooksNoMore()
    {
        await _memory.StartAsync(TestContext.Current.CancellationToken);

        await _memory.StopAsync(TestContext.Current.CancellationToken);
        _time.Advance(10 * IdleMemory.Period);

        Assert.Equal(0, _given);
    }
}

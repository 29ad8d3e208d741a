using AptP2P.Testing.Conformance;
using AptP2P.Testing.Http;

namespace AptP2P.Source.Mirror.Tests;

public sealed class MirrorConformanceTests : SourceConformance, IAsyncDisposable
{
    private readonly MirrorFixture _fixture = new("127.21.0.1");

    protected override ISource Source => _fixture.Source;

    protected override ValueTask<Content> ServeAsync(byte[] bytes)
    {
        _fixture.Server.Content = bytes;
        return new(new Content(ContentHash.Of(bytes), bytes.Length, [_fixture.Server.Origin("/one"), _fixture.Server.Origin("/two")]));
    }

    protected override ValueTask<Content> MissAsync()
    {
        _fixture.Server.Otherwise = _ => Answer.Error(404);
        return new(new Content(ContentHash.Of("missing"u8), 7, [_fixture.Server.Origin("/one")]));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}

public sealed class MirrorPluginConformanceTests : PluginConformance<MirrorPlugin>;

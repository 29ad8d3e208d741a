using AptP2P.Source.Peers.Messages;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

/// <summary>A node that shares a content, and a plain HTTP client.</summary>
public abstract class EndpointTest(string address) : IAsyncLifetime
{
    protected static readonly byte[] Bytes = TestContent.Bytes(1_200_000);
    protected static readonly PieceList Pieces = TestContent.PiecesOf(Bytes);

    protected HttpClient Client { get; } = new();

    private protected PeerNode Node { get; private set; } = null!;

    protected Content Shared { get; private set; } = null!;

    protected Uri Content => Url(ContentName.PathOf(Shared.Hash));

    public async ValueTask InitializeAsync()
    {
        Node = await PeerNode.StartAsync(address, set: options => options.UploadsPerAddress = 2);
        Shared = await Node.ShareAsync(Bytes, Pieces);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Node.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static Task<byte[]> BodyAsync(HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync(PeerNode.Cancellation);

    protected Uri Url(string path) => new($"http://{Node.EndPoint}{path}");

    protected Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri uri, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(method, uri);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, PeerNode.Cancellation);
    }
}

using AptP2P;
using AptP2P.Source.Peers;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Fetching;
using AptP2P.Source.Peers.Ledger;
using AptP2P.Source.Peers.Messages;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Source.Peers.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: Plugin(typeof(PeersPlugin))]

namespace AptP2P.Source.Peers;

/// <summary>Bytes from peers, and bytes to peers, over plain HTTP (docs/protocol.md).</summary>
public sealed class PeersPlugin : IEndpointPlugin
{
    public string Name => "Source.Peers";

    public Type? OptionsType => typeof(PeersOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services
            .AddSingleton<PeerParties>()
            .AddSingleton<NearPeers>()
            .AddSingleton<PeerReputation>()
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<PeersNetworks>(provider, context.Reach))
            .AddSingleton(provider => new OwnAddresses(context.EndPoint, provider.GetRequiredService<IMachineAddresses>()))
            .AddSingleton<OwnMark>()
            .AddSingleton<PeerLedger>()
            .AddSingleton<FetchMetrics>()
            .AddSingleton<PeerClient>()
            .AddSingleton<KnownPeers>()
            .AddSingleton<ISource, PeersSource>()
            .AddSingleton<IStatusSection, PeersStatus>();
        services
            .AddSingleton<UploadMetrics>()
            .AddSingleton<UploadGate>()
            .AddSingleton<UploadPaces>()
            .AddSingleton<UploadBody>()
            .AddSingleton<Answers>()
            .AddSingleton<ContentEndpoint>()
            .AddSingleton<PiecesEndpoint>()
            .AddSingleton<QuestionRates>()
            .AddSingleton<HaveEndpoint>();
        services.AddHostedService<NeighbourWatch>().AddHostedService<ReputationMetrics>();
        services.AddSingleton<IHostedService>(provider =>
            ActivatorUtilities.CreateInstance<RefusalFile>(provider, Path.Combine(context.StateFolder, "refusals")));
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var answers = services.GetRequiredService<Answers>();
        var content = services.GetRequiredService<ContentEndpoint>();
        var pieces = services.GetRequiredService<PiecesEndpoint>();
        var have = services.GetRequiredService<HaveEndpoint>();
        string[] reading = [HttpMethods.Get, HttpMethods.Head];
        endpoints.MapMethods(ContentName.Folder + "{name}", reading, context => answers.GiveAsync(context, "content", content.AnswerAsync));
        endpoints.MapGet(PieceListMessage.Folder + "{hash}", context => answers.GiveAsync(context, "pieces", pieces.AnswerAsync));
        endpoints.MapPost(HaveMessage.Path, context => answers.GiveAsync(context, "have", have.AnswerAsync));
    }
}

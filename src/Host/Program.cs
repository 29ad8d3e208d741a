using AptP2P.Host;
using AptP2P.Host.Configuration;
using AptP2P.Host.Plugins;
using AptP2P.Host.Proxy;
using AptP2P.Host.Telemetry;

var commandLine = CommandLine.Read(args);
var settings = Settings.Read(commandLine, Environment.GetEnvironmentVariables());
var node = settings.Section<NodeOptions>(NodeOptions.Section);
node.TakePassedSockets(settings.Problems);

var features = new ServiceCollection().AddFeatures(settings, node);
var plugins = PluginSet.Load(node, settings);
settings.FindUnknown();
if (commandLine.Help || commandLine.Version)
{
    return commandLine.Version ? Messages.WriteVersion(Console.Out) : Messages.WriteHelp(Console.Out, settings);
}

OwnerOnly.Apply(node, settings.Problems);
using var state = settings.Problems.Count > 0 ? null : StateLock.TryTake(node, settings.Problems);
if (state is null)
{
    return Messages.WriteProblems(Console.Error, settings.Problems);
}

var app = Build();
while (!plugins.MapEndpoints(app)) // one failed whose services are in already: once more without it
{
    await app.DisposeAsync();
    app = Build();
}

await using (app)
{
    plugins.Log(app.Services.GetRequiredService<ILogger<PluginSet>>());
    string[] problems = [.. plugins.MissingRequired()];
    problems = problems.Length > 0 ? problems : await Server.StartAsync(app, node);
    if (problems.Length > 0)
    {
        return Messages.WriteProblems(Console.Error, problems);
    }

    Messages.WriteWelcome(Console.Out, node);
    await app.WaitForShutdownAsync();
    return 0;
}

WebApplication Build()
{
    var builder = Server.CreateBuilder(node, features);
    plugins.ConfigureServices(builder.Services.AddSingleton(plugins));
    settings.AddTo(builder.Services.GuardPlugins());
    var built = builder.Build();
    built.UseProxy();
    built.UseRouting();
    built.MapHealth();
    return built;
}

using System.Runtime.ExceptionServices;
using AptP2P.Host;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Plugins;
using AptP2P.Host.Policy;
using AptP2P.Host.Proxy;
using AptP2P.Host.Sharing;
using AptP2P.Host.Telemetry;

Environment.Exit(await RunAsync()); // what a plugin's threads still do is not waited for

async Task<int> RunAsync()
{
    var commandLine = CommandLine.Read(args);
    var settings = Settings.Read(commandLine, Environment.GetEnvironmentVariables());
    var node = settings.Section<NodeOptions>(NodeOptions.Section);
    node.TakePassedSockets(settings.Problems);

    var features = new ServiceCollection().AddFeatures(settings, node);
    await using var plugins = await PluginSet.LoadAsync(node, settings);
    settings.FindUnknown();
    if (commandLine.Version || commandLine.Help is not null)
    {
        return commandLine.Version
            ? Messages.WriteVersion(Console.Out)
            : Help.Write(Console.Out, Console.Error, settings, commandLine.Help!);
    }

    OwnerOnly.Apply(node, settings.Problems);
    using var state = settings.Problems.Count > 0 ? null : StateLock.TryTake(node, settings.Problems);
    if (state is null)
    {
        return Messages.WriteProblems(Console.Error, settings.Problems);
    }

    ExceptionHandling.SetUnhandledExceptionHandler(plugins.Hold);
    var builder = Server.CreateBuilder(node, features);
    var sharing = settings.Section<SharingOptions>("Sharing");
    await plugins.ConfigureServicesAsync(builder.Services, sharing.Reach, new(sharing.NetworkSecret));
    settings.AddTo(builder.Services.GuardPlugins());
    await using var app = builder.Build();
    app.MapHealth();
    app.MapMetrics();
    await plugins.ConnectAsync(app);
    app.UseProxy();
    app.UseRouting();
    string[] problems = [.. plugins.MissingRequired(), .. app.Services.GetRequiredService<PolicyChoice>().Problems];
    problems = problems.Length > 0 ? problems : await Server.StartAsync(app, node);
    if (problems.Length > 0)
    {
        return Messages.WriteProblems(Console.Error, problems);
    }

    Messages.WriteWelcome(Console.Out, node);
    PrivacyNotice.Write(Console.Out, node, sharing.Reach);
    await app.WaitForShutdownAsync();
    return 0;
}

using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace AptP2P.Host.Telemetry;

/// <summary>The log, as a daemon wants it: one line for each message, to the journal or the terminal.</summary>
internal static class LogServices
{
    public static IServiceCollection AddLog(this IServiceCollection services, LogLevel level)
    {
        var librariesLevel = level == LogLevel.Information ? LogLevel.Warning : level;
        // What is Information to these makes a trace of every request, or is said of every failure of the world by our own lines.
        var requestsLevel = librariesLevel < LogLevel.Warning ? librariesLevel : LogLevel.None;
        services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(level).AddFilter("Microsoft", librariesLevel).AddFilter("Yarp", requestsLevel)
                .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", requestsLevel);
            if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null) // systemd.exec(5): the journal adds the time itself
            {
                logging.AddSystemdConsole();
            }
            else
            {
                logging.AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.TimestampFormat = "HH:mm:ss ";
                    console.ColorBehavior = LoggerColorBehavior.Disabled;
                });
            }
        });
        services.RemoveAll<ILoggerProvider>(); // the console, which is written to by way of QuietLog
        return services.AddSingleton<ConsoleLoggerProvider>().AddSingleton<ILoggerProvider>(
            provider => new QuietLog(
                provider.GetRequiredService<LogTap>().On(provider.GetRequiredService<ConsoleLoggerProvider>()),
                provider.GetRequiredService<TimeProvider>()));
    }
}

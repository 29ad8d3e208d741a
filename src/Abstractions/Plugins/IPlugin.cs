using Microsoft.Extensions.DependencyInjection;

namespace AptP2P;

/// <summary>
/// The entry point of a plugin assembly, named by <see cref="PluginAttribute"/>. The host makes one instance, binds and checks its options,
/// and lets it register services; everything after that is dependency injection and <c>IHostedService</c>. If a step throws or takes too
/// long, the plugin is left out.
/// </summary>
public interface IPlugin
{
    /// <summary>The plugin's name and its section of the configuration, such as <c>Source.Mirror</c>.</summary>
    string Name { get; }

    /// <summary>
    /// The class that the plugin's section is bound to, or <see langword="null"/> when the plugin has no options. The host reads each key
    /// into the property of that name, applies the data annotations, reports every error at once and registers the result as
    /// <c>IOptions&lt;T&gt;</c>. A property may be a string, an enum, a <see cref="TimeSpan"/> (<c>250ms</c>, <c>2s</c>, <c>45min</c>), a
    /// <see cref="ByteSize"/>, any
    /// <see cref="IParsable{TSelf}"/> or an array of these (comma separated). <c>[Description]</c> says what it means and why.
    /// </summary>
    Type? OptionsType { get; }

    /// <summary>
    /// Registers the plugin's services, in a container of its own. The host and other plugins get what is registered as one of the
    /// contract's interfaces that a plugin may implement, and nothing else; docs/plugins.md says what the host lends to the container.
    /// </summary>
    void ConfigureServices(IServiceCollection services, PluginContext context);
}

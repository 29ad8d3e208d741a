using AptP2P.Fuzz;
using Xunit.MicrosoftTestingPlatform;

// One program: the tests, and what afl-fuzz runs (tests/Fuzz/run).
return args switch
{
    ["--list"] => Driver.List(Console.Out),
    ["--fuzz", var name] => Driver.Fuzz(name),
    ["--replay", var name, .. var files] => Driver.Replay(name, files, Console.Out),
    _ => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};

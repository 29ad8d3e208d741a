using System.ComponentModel;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using Xunit;

namespace AptP2P.Host.Tests.Daemon;

public sealed class HelpTests : IDisposable
{
    private readonly Settings _settings = new(new SettingList());
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public HelpTests()
    {
        _settings.Section<NodeOptions>(NodeOptions.Section);
        _settings.Section<Wordy>("Wordy");
    }

    [Theory]
    [InlineData("all")]
    [InlineData("ALL")]
    [InlineData("host")]
    public void Write_AllOrASection_ListsEachWithDefaultAndRange(string topic)
    {
        Assert.Equal(0, Write(topic));

        Assert.Contains("\n[Host]\n  Port = 9977  (number, 1 to 65535)\n      The port: ", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("  StopGrace = 5s  (time, 0 to 10min)\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("  Plugins =  (list of text)\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("  Log = Information  (Trace, Debug, Information, ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ASection_LeavesOutTheOthers()
    {
        Write("Wordy");

        Assert.DoesNotContain("[Host]", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Port", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LongDescription_IsWrapped()
    {
        Write("Wordy");

        Assert.All(_output.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 120));
        Assert.Contains(
            Wordy.Text, string.Join(' ', _output.ToString().Split('\n').Select(line => line.Trim())), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Nothing_ShowsWhatIsThereOfTheCommonOptions()
    {
        Assert.Equal(0, Write(""));

        Assert.Contains("\nThis daemon\n  --Host:Port=9977\n", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("StopGrace", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Who may use it", _output.ToString(), StringComparison.Ordinal); // none of its options is there
    }

    [Fact]
    public void Write_TopicThatIsNone_SaysWhatToWrite()
    {
        Assert.Equal(78, Write("hots"));

        Assert.Empty(_output.ToString());
        Assert.Equal(
            "command line: there is no help on 'hots'; did you mean Host?\n"
            + "Write --help, --help all, or --help with a section: Host, Wordy\n",
            _errors.ToString());
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    private int Write(string topic) => Help.Write(_output, _errors, _settings, topic);

    private sealed class Wordy
    {
        public const string Text = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            + "seventeen eighteen nineteen twenty, and so on and on until there is no room for more in any line that people read.";

        [Description(Text)]
        public int Words { get; set; } = 40;
    }
}

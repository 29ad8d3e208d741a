using System.Text;
using AptP2P.Host.Apt.Paths;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Host.Tests.Apt.Paths;

public sealed class ArchivePathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/debian/pool/main/g/g%2b%2b/g%2B%2b_1%7e2.deb", "/debian/pool/main/g/g++/g++_1~2.deb")]
    [InlineData("/repo/./x.deb", "/repo/x.deb")]
    [InlineData("/repo/.//x.deb", "/repo//x.deb")]
    [InlineData("/a/b/../c", "/a/c")]
    [InlineData("/a/b/%2e%2E/c/.", "/a/c/")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/.hidden/..x/...", "/.hidden/..x/...")]
    [InlineData("/caf%c3%a9", "/café")]
    [InlineData("/100%25", "/100%")]
    public void Decode_Path_IsTheKey(string raw, string path)
    {
        Assert.Equal(path, ArchivePath.Decode(raw, out var fault));
        Assert.Equal(ArchivePathFault.None, fault);
    }

    [Theory]
    [InlineData("", "Shape")]
    [InlineData("a", "Shape")]
    [InlineData("/a?b", "Query")]
    [InlineData("/%", "Encoding")]
    [InlineData("/%2", "Encoding")]
    [InlineData("/%zz", "Encoding")]
    [InlineData("/%+1", "Encoding")]
    [InlineData("/a%2fb", "Encoding")]
    [InlineData("/%ff", "Encoding")]
    [InlineData("/%c3", "Encoding")]
    [InlineData("/caf\u00e9", "Encoding")]
    [InlineData("/a%00", "ControlCharacter")]
    [InlineData("/a\0", "ControlCharacter")]
    [InlineData("/a%0d%0aHost:", "ControlCharacter")]
    [InlineData("/a%7F", "ControlCharacter")]
    [InlineData("/..", "EscapesRoot")]
    [InlineData("/a/../../b", "EscapesRoot")]
    [InlineData("/%2e%2e/etc/passwd", "EscapesRoot")]
    public void Decode_NoPath_SaysWhy(string raw, string fault)
    {
        Assert.Null(ArchivePath.Decode(raw, out var actual));
        Assert.Equal(fault, actual.ToString());
    }

    [Fact]
    public void Decode_LongerThanTheLimit_IsNoPath()
    {
        Assert.NotNull(ArchivePath.Decode("/" + new string('a', ArchivePath.MaxLength - 1), out _));
        Assert.Null(ArchivePath.Decode("/" + new string('a', ArchivePath.MaxLength), out var fault));
        Assert.Equal(ArchivePathFault.Shape, fault);
        Assert.Null(ArchivePath.Decode("/" + new string('a', 100_000), out _));
    }

    [Fact]
    public void Decode_AnyCharacters_KeepsNoDotSegmentNorControlCharacter() =>
        Property.Holds(Raw(), raw =>
        {
            var path = ArchivePath.Decode(raw, out var fault);
            return path is null == (fault != ArchivePathFault.None)
                && (
                    path is null
                    || (path.StartsWith('/') && !path.Any(char.IsControl) && !path.Split('/').Any(segment => segment is "." or "..")));
        });

    [Fact]
    public void RawPath_OfAnyKey_DecodesToTheKey() =>
        Property.Holds(Raw(), raw =>
            ArchivePath.Decode(raw, out _) is not { } path
            || new ArchivePath("http", "h", 80, path).RawPath is var again
                && (again.Length > ArchivePath.MaxLength || ArchivePath.Decode(again, out _) == path));

    [Fact]
    public void Decode_EncodedOrNot_IsTheSame() =>
        Property.Holds(Raw(), raw => ArchivePath.Decode(raw, out _) is not { } path || path.Contains('%')
            || ArchivePath.Decode(string.Concat(Encoding.UTF8.GetBytes(path).Select(b => b == '/' ? "/" : $"%{b:x2}")), out _) == path);

    [Theory]
    [InlineData("/debian/", "pool/main/a/a_1+b.deb", "/debian/pool/main/a/a_1+b.deb")]
    [InlineData("/debian/", "pool/a%2b.deb", "/debian/pool/a%2b.deb")]
    [InlineData("/repo/", "./x.deb", "/repo/x.deb")]
    [InlineData("/repo/", "../x.deb", "/x.deb")]
    [InlineData("/repo/", "../../x.deb", null)]
    [InlineData("/repo/", "", null)]
    [InlineData("/repo/", "a\tb", null)]
    public void Resolve_NameInAnIndex_IsAPath(string directory, string name, string? path) =>
        Assert.Equal(path, ArchivePath.Resolve(directory, name));

    [Fact]
    public void TryResolve_InvalidUtf8_IsNoPath() => Assert.False(ArchivePath.TryResolve("/"u8, [0xc3, (byte)'x'], new byte[100], out _));

    private static Gen<string> Raw() =>
        Gen.Elements("/", "/", ".", "..", "%2e", "%2F", "%", "%c3%a9", "%00", "a", "b+", "~", "%7e", "%41", " ", "\u00e9", "?", "%25")
            .ListOf().Select(parts => "/" + string.Concat(parts));
}

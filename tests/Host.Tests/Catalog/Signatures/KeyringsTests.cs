using System.Text;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Signatures;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Catalog.Signatures;

/// <summary>Which keys apt would check an archive with, by what is in its configuration.</summary>
public sealed class KeyringsTests : IDisposable
{
    private const string Armored =
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: 1\n\nmQEN\nBA==\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keyrings");

    public KeyringsTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "apt/sources.list.d"));
        Write("own.gpg", 0x99, 1);
        Write("apt/trusted.gpg.d/trusted.gpg", 0x99, 2);
        Write("apt/trusted.gpg.d/keybox.gpg", 0, 0, 0, 32);
        Write("share/package.gpg", 0x99, 3);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("deb [signed-by=FOLDER/own.gpg] http://a.example/debian stable main", "99-01", true)]
    [InlineData(
        "deb [ arch=amd64 signed-by=FOLDER/own.gpg,FOLDER/share/package.gpg ] http://a.example/debian/ stable main", "99-01-99-03", true)]
    [InlineData("deb-src [signed-by=FOLDER/own.gpg] https://a.example/debian stable main # source", "99-01", true)]
    [InlineData("deb [signed-by=FOLDER/own.gpg] http://a.example/debian dists/stable/", "99-01", true)]
    [InlineData("deb [signed-by=FOLDER/own.gpg] daemon:http://a.example/debian stable main", "99-01", true)]
    [InlineData("deb http://a.example/debian stable main", "99-02", true)]
    [InlineData("deb [signed-by=FOLDER/none.gpg] http://a.example/debian stable main", null, false)]
    [InlineData("deb [trusted=yes] http://a.example/debian stable main", null, false)]
    [InlineData("deb [signed-by=FOLDER/own.gpg] http://a.example/debian testing main", "99-01-99-02-99-03", false)]
    [InlineData("deb [signed-by=FOLDER/own.gpg] http://b.example/debian stable main", "99-02-99-03", false)]
    [InlineData("# deb [signed-by=FOLDER/own.gpg] http://a.example/debian stable main", "99-02-99-03", false)]
    [InlineData("deb cdrom:[Debian]/ stable main", "99-02-99-03", false)]
    public void Find_OneLineForm_AsAptWould(string line, string? keys, bool isComplete) =>
        AssertFinds("sources.list", line, keys, isComplete);

    [Theory]
    [InlineData(
        "Types: deb\nURIs: http://b.example/x http://a.example/debian\nSuites: testing stable\nSigned-By: FOLDER/own.gpg\n", "99-01", true)]
    [InlineData("Types: deb\nURIs: http://a.example/debian\nSuites: stable\nSigned-By:\n " + "KEY\n", "99-01-0D-04", true)]
    [InlineData("URIs: http://a.example/debian\nSuites: stable\nSigned-By: FOLDER/own.gpg\nEnabled: no\n", "99-02-99-03", false)]
    [InlineData(
        "# one\nTypes: deb\n# two\nURIs: http://a.example/debian\nSuites: stable\n\nURIs: http://b.example/\nSuites: stable\nSigned-By: "
        + "FOLDER/own.gpg\n",
        "99-02",
        true)]
    public void Find_Deb822Form_AsAptWould(string text, string? keys, bool isComplete) =>
        AssertFinds(
            "sources.list.d/x.sources",
            text.Replace(
                "KEY", Armored.Replace("\n\n", "\n.\n", StringComparison.Ordinal).Replace("\n", "\n ", StringComparison.Ordinal),
                StringComparison.Ordinal),
            keys,
            isComplete);

    [Fact]
    public void Find_Fingerprint_OnlyThatKeyOfTheTrustedOnes()
    {
        Write(
            "apt/sources.list",
            Encoding.UTF8.GetBytes("deb [signed-by=45F122BB8D47B9D91D5AEC38F752021DCC6BA58A!] http://a.example/debian stable main"));

        var keyring = Find();

        Assert.Equal([0x99, 2], keyring!.Keys);
        Assert.Equal(["45F122BB8D47B9D91D5AEC38F752021DCC6BA58A!"], keyring.Fingerprints);
    }

    [Fact]
    public void ToBinary_SeveralArmoredKeys_AllOfThem() =>
        Assert.Equal([0x99, 1, 0x0d, 4, 0x99, 1, 0x0d, 4], Keyring.ToBinary(Encoding.ASCII.GetBytes($"{Armored}\nbetween\n{Armored}\n")));

    private void AssertFinds(string file, string text, string? keys, bool isComplete)
    {
        Write("apt/" + file, Encoding.UTF8.GetBytes(text.Replace("FOLDER", _folder.FullName, StringComparison.Ordinal)));

        var keyring = Find();

        Assert.Equal(keys, keyring is null ? null : BitConverter.ToString(keyring.Keys));
        Assert.Equal(isComplete, keyring?.IsComplete ?? false);
    }

    private Keyring? Find()
    {
        SourceAddress addresses = address =>
            Uri.TryCreate(address.Replace("daemon:", "", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            && uri.Scheme.StartsWith("http", StringComparison.Ordinal)
                ? new Origin(uri.Scheme, uri.Host, uri.Port, uri.AbsolutePath, OriginReach.Local)
                : null;
        var options = Options.Create(
            new SignatureOptions { AptSources = Path.Combine(_folder.FullName, "apt"), Keyrings = Path.Combine(_folder.FullName, "share") }
        );
        return new Keyrings(options, addresses).Find(new ArchivePath("http", "a.example", 80, "/debian/dists/stable/InRelease"));
    }

    private void Write(string name, params byte[] bytes)
    {
        var file = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }
}

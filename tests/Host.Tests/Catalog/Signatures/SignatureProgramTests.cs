using AptP2P.Host.Catalog.Signatures;
using Xunit;

namespace AptP2P.Host.Tests.Catalog.Signatures;

/// <summary>What the programs say, and what apt makes of it.</summary>
public sealed class SignatureProgramTests
{
    private const string Key = "45F122BB8D47B9D91D5AEC38F752021DCC6BA58A";
    private const string Good =
        "[GNUPG:] GOODSIG F752021DCC6BA58A A\n[GNUPG:] VALIDSIG " + Sub + " 2026-11-28 1795837218 0 4 0 22 8 00 " + Key + "\n";
    private const string Missing = "[GNUPG:] ERRSIG F752021DCC6BA58A 22 8 00 1795837218 9 -\n[GNUPG:] NO_PUBKEY F752021DCC6BA58A\n";
    private const string Wrong = "[GNUPG:] BADSIG F752021DCC6BA58A A\n";
    private const string Expired =
        "[GNUPG:] EXPKEYSIG F752021DCC6BA58A A\n[GNUPG:] VALIDSIG " + Key + " 2026-11-28 1795837218 0 4 0 22 8 00 " + Key + "\n";
    private const string Sub = "0000000000000000000000000000000000000001";

    [Theory]
    [InlineData(Good, "", true, "Good")]
    [InlineData(Good + Missing, "", true, "Good")] // Debian's are signed by several
    [InlineData(Missing, "", true, "Bad")]
    [InlineData(Missing, "", false, "Unknown")]
    [InlineData(Wrong, "", false, "Bad")]
    [InlineData(Good + Wrong, "", true, "Bad")]
    [InlineData(Expired, "", true, "Bad")]
    [InlineData("", "", false, "Unknown")]
    [InlineData(Good, Key, true, "Good")]
    [InlineData(Good, Key + "!", true, "Bad")] // a subkey has signed
    [InlineData(Good, Sub + "!", true, "Good")]
    [InlineData(Good, "0000000000000000000000000000000000000002", true, "Bad")]
    public void Judge_Gpgv_AsApt(string output, string fingerprint, bool isComplete, string expected) =>
        Assert.Equal(expected, Judge(isSqv: false, 0, output, "", fingerprint, isComplete));

    [Theory]
    [InlineData(0, Key + "\n", "", "", true, "Good")]
    [InlineData(0, Key + "\n", "", Key, true, "Good")]
    [InlineData(0, Key + "\n", "", Sub, true, "Bad")]
    [InlineData(1, "", "Missing key 45F1, which is needed to verify signature.", "", false, "Unknown")]
    [InlineData(1, "", "Missing key 45F1, which is needed to verify signature.", "", true, "Bad")]
    [InlineData(1, "", "Verifying signature:\n   Message has been manipulated", "", false, "Bad")]
    public void Judge_Sqv_AsApt(int exitCode, string output, string errors, string fingerprint, bool isComplete, string expected) =>
        Assert.Equal(expected, Judge(isSqv: true, exitCode, output, errors, fingerprint, isComplete));

    private static string Judge(bool isSqv, int exitCode, string output, string errors, string fingerprint, bool isComplete) =>
        new SignatureProgram("", isSqv)
            .Judge(exitCode, output, errors, new Keyring([], fingerprint.Length == 0 ? [] : [fingerprint], isComplete))
            .ToString();
}

using System.Collections;

namespace AptP2P.Host.Configuration;

/// <summary>
/// Settings that the service manager passes in files that only this process can read (systemd.exec(5), <c>LoadCredential=</c>): so a secret
/// is neither in a file that others may read, nor in an environment that children inherit. They are named like environment variables.
/// </summary>
internal static class Credentials
{
    private const int MaxLength = 64 * 1024; // of one file: a secret, not a mistake that fills memory

    public static void AddTo(SettingList settings, IDictionary environment)
    {
        if (environment["CREDENTIALS_DIRECTORY"] is not string { Length: > 0 } folder)
        {
            return;
        }

        try
        {
            foreach (var file in new DirectoryInfo(folder).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                if (file.Length > MaxLength)
                {
                    settings.Problems.Add($"credential: {file.Name} has more than {MaxLength} bytes");
                }
                else
                {
                    settings.AddVariable("credential", file.Name, File.ReadAllText(file.FullName).TrimEnd('\r', '\n'));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            settings.Problems.Add($"credentials in {folder} cannot be read: {e.Message}");
        }
    }
}

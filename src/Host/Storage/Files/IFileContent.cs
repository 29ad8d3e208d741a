using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Storage.Files;

/// <summary>A content whose bytes are a file's, at the same places. The kernel can send those by itself.</summary>
internal interface IFileContent
{
    /// <summary>Open as long as the content is.</summary>
    SafeFileHandle File { get; }
}

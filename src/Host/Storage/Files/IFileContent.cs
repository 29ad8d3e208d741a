using Microsoft.Win32.SafeHandles;

namespace AptP2P.Host.Storage.Files;

/// <summary>A content whose bytes lie in a file, at the same offsets: the kernel can send them by itself.</summary>
internal interface IFileContent
{
    /// <summary>Open as long as the content is.</summary>
    SafeFileHandle File { get; }
}

namespace AptP2P.Testing.Http;

/// <summary>A content with its validators, as it was when the request came.</summary>
internal readonly record struct ServedFile(ReadOnlyMemory<byte> Bytes, string ETag, string LastModified);

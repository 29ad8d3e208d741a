namespace AptP2P.Host.Storage.Files;

/// <summary>An unfinished content that remembers on whose word its bytes are there, so that nobody else goes on with them.</summary>
internal interface IVouchedContent
{
    /// <summary>What stands for whoever gave them, a positive number; nothing where that is not known.</summary>
    long? Voucher { get; set; }
}

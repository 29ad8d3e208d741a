namespace AptP2P.Host.Storage.Files;

/// <summary>An unfinished content that remembers who vouched for its bytes, so that nobody else continues it.</summary>
internal interface IVouchedContent
{
    /// <summary>A positive number that stands for who vouched for them; nothing where that is not known.</summary>
    long? Voucher { get; set; }
}

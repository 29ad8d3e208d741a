namespace AptP2P;

/// <summary>The operator's rules do not let this client reach that origin. The message says what to set if it should.</summary>
public sealed class OriginRefusedException : IOException
{
    /// <summary>Makes one without a message.</summary>
    public OriginRefusedException()
    {
    }

    /// <summary>Makes one with what to tell the client.</summary>
    public OriginRefusedException(string message) : base(message)
    {
    }

    /// <summary>Makes one with what to tell the client and its cause.</summary>
    public OriginRefusedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A response (RFC 3261 §7.2).</summary>
public sealed class SipResponse : SipMessage
{
    private readonly Range _reason;

    internal SipResponse(MessageMemory memory, int statusCode, Range reason)
        : base(memory)
    {
        StatusCode = statusCode;
        _reason = reason;
    }

    /// <summary>The status code, 100 to 699.</summary>
    public int StatusCode { get; }

    /// <summary>The reason phrase; may be empty.</summary>
    public string ReasonPhrase => Characters.Text(Memory.Span[_reason]);

    /// <summary>1xx</summary>
    public bool IsProvisional => StatusCode < 200;

    /// <summary>2xx</summary>
    public bool IsSuccess => StatusCode is >= 200 and < 300;

    /// <summary>2xx to 6xx</summary>
    public bool IsFinal => StatusCode >= 200;
}

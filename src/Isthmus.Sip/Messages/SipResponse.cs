// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A response (RFC 3261 §7.2).</summary>
public sealed class SipResponse : SipMessage
{
    private Range _reason;

    internal SipResponse()
    {
    }

    /// <summary>The status code, 100 to 699.</summary>
    public int StatusCode { get; private set; }

    /// <summary>The reason phrase; may be empty.</summary>
    public string ReasonPhrase => Characters.Text(Memory.Span[_reason]);

    /// <summary>1xx</summary>
    public bool IsProvisional => StatusCode < 200;

    /// <summary>2xx</summary>
    public bool IsSuccess => StatusCode is >= 200 and < 300;

    /// <summary>2xx to 6xx</summary>
    public bool IsFinal => StatusCode >= 200;

    internal void Take(MessageMemory memory, int statusCode, Range reason, MessagePool? pool)
    {
        (StatusCode, _reason) = (statusCode, reason);
        Take(memory, pool);
    }
}

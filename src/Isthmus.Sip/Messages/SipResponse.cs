// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A response (RFC 3261 §7.2).</summary>
public sealed class SipResponse : SipMessage
{
    private int _reasonStart;
    private int _reasonEnd;

    internal SipResponse()
    {
    }

    /// <summary>The status code, 100 to 699.</summary>
    public int StatusCode { get; private set; }

    /// <summary>The reason phrase; may be empty.</summary>
    public string ReasonPhrase => Characters.Text(ReasonBytes);

    /// <summary>1xx</summary>
    public bool IsProvisional => StatusCode < 200;

    /// <summary>2xx</summary>
    public bool IsSuccess => StatusCode is >= 200 and < 300;

    /// <summary>2xx to 6xx</summary>
    public bool IsFinal => StatusCode >= 200;

    /// <summary>The reason phrase as it is written; may be empty.</summary>
    public ReadOnlySpan<byte> ReasonBytes => Span[_reasonStart.._reasonEnd];

    internal void Set(int statusCode, int reasonStart, int reasonEnd) => (StatusCode, _reasonStart, _reasonEnd) = (statusCode, reasonStart, reasonEnd);

    internal void SetAs(SipResponse other) => Set(other.StatusCode, other._reasonStart, other._reasonEnd);

    private protected override void Forget() => (_reasonStart, _reasonEnd) = (0, 0);
}

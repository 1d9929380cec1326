// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>
/// A REGISTER that took bindings away, remembered for as long as an earlier one of the same phone may still be on its way: refreshes have no
/// transaction that would know them again.
/// </summary>
/// <param name="CallId">Its Call-ID.</param>
/// <param name="CSeq">Its CSeq.</param>
/// <param name="At">When it came, in milliseconds since 1970.</param>
internal sealed record Removal(byte[] CallId, uint CSeq, long At)
{
    // RFC 3261 §17.1.2.2: Timer F, 64*T1, after which nobody sends a request again.
    private const long Memory = 32_000;

    /// <summary>Whether a REGISTER that comes at <paramref name="now"/> was sent before it.</summary>
    public bool IsLaterThan(ReadOnlySpan<byte> callId, uint cseq, long now) => cseq < CSeq && now - At < Memory && callId.SequenceEqual(CallId);
}

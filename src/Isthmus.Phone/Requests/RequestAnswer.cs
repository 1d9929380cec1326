// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What came of a request.</summary>
/// <param name="Status">The final status; 408 when no answer came, 503 when it could not be sent, 0 when it leads nowhere.</param>
/// <param name="Reason">The reason phrase, or what stood in the way.</param>
internal sealed record RequestAnswer(int Status, string Reason)
{
    /// <summary>The answer itself; null when none came.</summary>
    public SipResponse? Response { get; init; }

    /// <summary>The request as it was sent; null when it was not.</summary>
    public SipRequest? Request { get; init; }

    /// <summary>The way that it took; null when there was none.</summary>
    public SignallingPath? Path { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;
}

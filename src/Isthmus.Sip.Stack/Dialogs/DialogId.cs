// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What names a dialog at one of its two ends (RFC 3261 §12).</summary>
/// <param name="CallId">The Call-ID; compared byte by byte.</param>
/// <param name="LocalTag">The tag of this end.</param>
/// <param name="RemoteTag">The tag of the other end; empty when that is of RFC 2543 and has none.</param>
public readonly record struct DialogId(string CallId, string LocalTag, string RemoteTag)
{
    /// <summary>The dialog that a request from the other end belongs to. Null: it has no To tag, so it belongs to none.</summary>
    public static DialogId? OfReceived(SipRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.To.Tag is { } local ? new(request.CallId, local, request.From.Tag ?? "") : null;
    }

    /// <summary>The dialog that a response to a request of this end belongs to. Null: a response without To tag, as 100 is.</summary>
    public static DialogId? OfReceived(SipResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.To.Tag is { } remote ? new(response.CallId, response.From.Tag ?? "", remote) : null;
    }
}

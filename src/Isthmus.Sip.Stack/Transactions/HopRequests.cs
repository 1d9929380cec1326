// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The two requests that a client transaction makes by itself: they go one hop, with the branch of the INVITE, and are made from it.</summary>
internal static class HopRequests
{
    /// <summary>The ACK for a final response other than 2xx, without its Via (RFC 3261 §17.1.1.3).</summary>
    public static SipRequest Ack(SipRequest invite, SipResponse final) =>
        Of(SipMethod.Ack, invite, final.Text(HeaderName.To) ?? "").Build();

    /// <summary>The CANCEL, without its Via (RFC 3261 §9.1), with a Reason (RFC 3326) if there is one.</summary>
    public static SipRequest Cancel(SipRequest invite, string? reason)
    {
        var builder = Of(SipMethod.Cancel, invite, invite.Text(HeaderName.To) ?? "");
        return (reason is null ? builder : builder.Header(HeaderName.Reason, reason)).Build();
    }

    private static RequestBuilder Of(SipMethod method, SipRequest invite, string to)
    {
        // What names the call is copied as text: no comparison on the way may see a difference.
        var builder = new RequestBuilder(method, invite.RequestUriText)
            .MaxForwards()
            .Header(HeaderName.From, invite.Text(HeaderName.From) ?? "")
            .Header(HeaderName.To, to)
            .Header(HeaderName.CallId, invite.CallId)
            .CSeq(invite.CSeq.Number);
        foreach (var field in invite.Headers)
        {
            if (field.Name == HeaderName.Route)
            {
                builder.Header(HeaderName.Route, field.Text);
            }
        }

        return builder;
    }
}

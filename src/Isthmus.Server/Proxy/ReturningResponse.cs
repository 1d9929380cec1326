// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>What makes a response of the next hop one for the previous hop (RFC 3261 §16.7 item 3): our Via goes.</summary>
internal static class ReturningResponse
{
    /// <summary>Whether there is a Via of someone else below ours: without one, the response is for this element.</summary>
    public static bool HasViaBelow(SipResponse response)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> value in response.ValuesOf(HeaderName.Via))
        {
            if (++count == 2)
            {
                return ViaView.TryRead(value, out _);
            }
        }

        return false;
    }

    /// <summary>The response without our Via; it is the caller's.</summary>
    public static SipResponse Pop(SipResponse response, MessageEdit edit, MessagePool pool) =>
        edit.Begin(response).RemoveFirstValue(HeaderName.Via).BuildResponse(pool);
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>Makes a URI of what was dialled.</summary>
internal static class DialledAddress
{
    /// <summary>Reads a URI, <c>user@host</c>, or a user or number in the account's domain; <paramref name="fault"/> says what is wrong with anything else.</summary>
    public static AnyUri? Read(string text, Account? account, out string fault)
    {
        fault = "";
        text = text.Trim();
        if (NameAddr.TryParse(text, out var name) && text.Contains('<', StringComparison.Ordinal))
        {
            text = name.Uri.ToString();
        }

        // A colon before any @ ends a scheme; behind it, it belongs to a port or an IPv6 address.
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || (at >= 0 && at < colon))
        {
            if (at >= 0)
            {
                text = "sip:" + text;
            }
            else if (account is not null && text.Length > 0)
            {
                text = $"sip:{text}@{account.Uri.HostPort}";
            }
        }

        if (!AnyUri.TryParse(text, out var uri) || uri is OtherUri)
        {
            fault = "not a SIP address; write sip:user@host";
            return null;
        }

        if (uri is SipUri { IsSecure: true })
        {
            fault = "sips needs TLS on every hop, which this phone does not have";
            return null;
        }

        // RFC 3261 §19.1.5: headers in a URI are not for the Request-URI.
        return uri is SipUri sip ? sip.WithoutHeaders() : uri;
    }
}

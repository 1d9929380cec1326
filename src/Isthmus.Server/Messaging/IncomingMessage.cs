// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Messaging;

/// <summary>What a MESSAGE is, for who is to keep it.</summary>
internal static class IncomingMessage
{
    // RFC 3994: who types now is of no interest later.
    private const string Composing = "application/im-iscomposing+xml";

    /// <summary>Who sends it: the canonical address-of-record of a user of ours, else the URI in its simplest form.</summary>
    public static string SenderOf(SipRequest request, Domains domains) => request.From.Uri is SipUri uri ? domains.AorOf(uri) ?? uri.ToAor() : request.From.Uri.ToString();

    /// <summary>The tag of its From.</summary>
    public static string FromTagOf(SipRequest request) => Encoding.UTF8.GetString(request.FromTag);

    /// <summary>When it need not be delivered any more, in milliseconds since 1970 (RFC 3428 §7).</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">When it came.</param>
    /// <param name="longest">How long it is kept at most.</param>
    public static long ExpiryOf(SipRequest request, DateTimeOffset now, TimeSpan longest)
    {
        DateTimeOffset latest = now + longest;
        if (request.Expires is not { } seconds)
        {
            return latest.ToUnixTimeMilliseconds();
        }

        DateTimeOffset sent = DateTimeOffset.TryParseExact(request.Text(HeaderName.Date), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) && date < now ? date : now;
        DateTimeOffset asked = sent.AddSeconds(seconds);
        return (asked < latest ? asked : latest).ToUnixTimeMilliseconds();
    }

    /// <summary>Whether it is one to be kept, should nobody be there: for a user, outside of a dialog.</summary>
    public static bool IsToBeKept(RequestContext context) => context.Request.Method == SipMethod.Message && !context.IsInDialog && !context.IsForOneDevice && context.Transaction is not null;

    /// <summary>Whether it is of interest later.</summary>
    public static bool IsOfInterestLater(SipRequest request) =>
        !request.TryGetValue(HeaderName.ContentType, out ReadOnlySpan<byte> type) || type.Length < Composing.Length || request.ContentTypeText != Composing;
}

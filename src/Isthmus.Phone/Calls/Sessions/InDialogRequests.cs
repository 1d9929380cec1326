// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Requests inside a call that are neither offer nor end.</summary>
internal static class InDialogRequests
{
    private const string DigitType = "application/dtmf-relay";

    public static void Answer(ServerTransaction transaction, CallLeg leg)
    {
        var request = transaction.Request.Message;
        transaction.Respond((request.Method switch
        {
            var m when m == SipMethod.Info => Info(request, leg.Call),
            var m when m == SipMethod.Message => leg.Phone.Inbox.Take(request, transaction.Flow),
            var m when m == SipMethod.Options => Capabilities.Answer(request),
            var m when m == SipMethod.Notify || m == SipMethod.Prack => request.Answer(481),
            _ => request.Answer(405).Header(HeaderName.Allow, PhoneContext.AllowedMethods),
        }).Build());
    }

    /// <summary>INFO without a body is a sign of life; with a digit it is one (the form that gateways use); anything else is not understood.</summary>
    private static ResponseBuilder Info(SipRequest request, Call call)
    {
        if (request.Body.IsEmpty)
        {
            return request.Answer(200);
        }

        if (request.ContentTypeText != DigitType)
        {
            return request.Answer(415).Header(HeaderName.Accept, DigitType);
        }

        foreach (var line in System.Text.Encoding.ASCII.GetString(request.Body).Split('\n'))
        {
            var parts = line.Split('=', 2);
            if (parts.Length == 2 && parts[0].Trim().Equals("Signal", StringComparison.OrdinalIgnoreCase) && parts[1].Trim() is [var digit] && Dtmf.IsDigit(digit))
            {
                call.Hear(digit);
            }
        }

        return request.Answer(200);
    }
}

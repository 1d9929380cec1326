// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Brings what arrives to the call that it belongs to, and answers what belongs to none.</summary>
internal sealed class Dispatcher(PhoneContext phone, Action<Call> incoming) : ITransactionUser
{
    /// <summary>Whether the phone is being disposed of: no new call is taken.</summary>
    public bool IsClosing { get; set; }

    public void OnRequest(ServerTransaction transaction)
    {
        var request = transaction.Request.Message;
        if (request.Method == SipMethod.Cancel)
        {
            Respond(transaction, request.Answer(481));
        }
        else if (Capabilities.Unsupported(request) is { Count: > 0 } unsupported)
        {
            Respond(transaction, request.Answer(420).Header(HeaderName.Unsupported, string.Join(", ", unsupported)));
        }
        else if (request.To.Tag is { } tag)
        {
            if (phone.Calls.Find(request.CallId, tag) is { } leg)
            {
                leg.OnRequest(transaction);
            }
            else
            {
                Respond(transaction, request.Answer(481));
            }
        }
        else if (request.Method == SipMethod.Invite)
        {
            OnInvite(transaction);
        }
        else
        {
            Respond(transaction, OutsideDialogs(request));
        }
    }

    public void OnAck(ReceivedRequest ack) => phone.Calls.Find(ack.Message.CallId, ack.Message.To.Tag)?.OnAck(ack);

    public void OnCancel(ServerTransaction invite, ReceivedRequest cancel)
    {
        if (invite.Tag is IncomingLeg leg)
        {
            leg.OnCancel();
        }
        else
        {
            Respond(invite, invite.Request.Message.Answer(487));
        }
    }

    public void OnResponse(ReceivedResponse stray)
    {
        // A 2xx so late that its INVITE is forgotten: the other side hears no ACK and gives up (RFC 3261 §13.3.1.4).
    }

    public void OnFlowClosed(Flow flow, SocketError? reason)
    {
        // Without a reason it was closed in good order, by either side for being idle: the next request opens another.
        if (reason is not null && !IsClosing)
        {
            foreach (var agent in phone.Accounts.SelectMany(a => a.Agents))
            {
                agent.OnFlowClosed(flow);
            }
        }
    }

    private static ResponseBuilder OutsideDialogs(SipRequest request) => request.Method switch
    {
        var m when m == SipMethod.Options => Capabilities.Answer(request),
        var m when m == SipMethod.Bye || m == SipMethod.Info || m == SipMethod.Update || m == SipMethod.Prack || m == SipMethod.Notify => request.Answer(481),
        _ => request.Answer(405).Header(HeaderName.Allow, PhoneContext.AllowedMethods),
    };

    private static void Respond(ServerTransaction transaction, ResponseBuilder response) => transaction.Respond(response.Build());

    private void OnInvite(ServerTransaction transaction)
    {
        var request = transaction.Request.Message;
        if (Refusal(request) is { } refusal)
        {
            Respond(transaction, refusal);
            return;
        }

        if (!phone.Calls.TryTakePlace(phone.Options.MaxCalls))
        {
            Respond(transaction, request.Answer(486));
            return;
        }

        if (IncomingLeg.Accept(phone, transaction, Called(request)) is not { } leg)
        {
            phone.Calls.ReleasePlace();
            return;
        }

        phone.Calls.Add(leg);
        leg.Start();
        if (!leg.IsOver)
        {
            incoming(leg.Call);
        }
    }

    /// <summary>What keeps an INVITE from being judged at all.</summary>
    private ResponseBuilder? Refusal(SipRequest request)
    {
        if (IsClosing)
        {
            return request.Answer(480);
        }

        if (request.RequestUri is OtherUri || request.RequestSipUri is { IsSecure: true })
        {
            return request.Answer(416);
        }

        if (Called(request) is null && phone.Accounts.Count > 0 && request.RequestSipUri?.User is not null)
        {
            return request.Answer(404);
        }

        if (request.Contacts.Count == 0)
        {
            return request.Answer(400, "Contact missing");
        }

        if (phone.Calls.Legs.OfType<IncomingLeg>().Any(leg => leg.IsSameCallAs(request)))
        {
            // RFC 3261 §8.2.2.2: it came by another way too.
            return request.Answer(482);
        }

        return SessionTimer.IsTooShort(request, phone.Options) ? request.Answer(422).Header(HeaderName.MinSe, phone.MinSessionSeconds) : null;
    }

    /// <summary>The account that is called: whose Contact the Request-URI is, else whose address the To is.</summary>
    private Account? Called(SipRequest request) =>
        phone.Accounts.FirstOrDefault(a => request.To.SipUri?.ToAor() == a.Uri.ToAor() && request.RequestSipUri?.User == a.Uri.User)
        ?? phone.Accounts.FirstOrDefault(a => request.RequestSipUri?.User == a.Uri.User)
        ?? phone.Accounts.FirstOrDefault(a => request.To.SipUri?.ToAor() == a.Uri.ToAor());
}

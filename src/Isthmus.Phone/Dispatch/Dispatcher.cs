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
            Respond(transaction, Answer(request, 481));
        }
        else if (Capabilities.Unsupported(request) is { Count: > 0 } unsupported)
        {
            Respond(transaction, Answer(request, 420).Header(HeaderName.Unsupported, string.Join(", ", unsupported)));
        }
        else if (request.To.Tag is { } tag)
        {
            if (phone.Calls.Find(request.CallId, tag) is { } leg)
            {
                leg.OnRequest(transaction);
            }
            else if (phone.Usages.Find(request.CallId, tag) is { } usage)
            {
                usage.OnRequest(transaction);
            }
            else
            {
                Respond(transaction, Answer(request, 481));
            }
        }
        else if (request.Method == SipMethod.Invite)
        {
            OnInvite(transaction);
        }
        else if (request.Method == SipMethod.Subscribe && !IsClosing)
        {
            phone.Notifier.OnSubscribe(transaction);
        }
        else
        {
            Respond(transaction, OutsideDialogs(request, transaction.Flow));
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

    private ResponseBuilder OutsideDialogs(SipRequest request, Flow flow) => request.Method switch
    {
        var m when m == SipMethod.Subscribe || (m == SipMethod.Message && IsClosing) => Answer(request, 480),
        var m when m == SipMethod.Message => phone.Inbox.Take(request, flow),
        var m when m == SipMethod.Options => Capabilities.Answer(request, Identifiers.NewTag()),
        var m when m == SipMethod.Bye || m == SipMethod.Info || m == SipMethod.Update || m == SipMethod.Prack || m == SipMethod.Notify => Answer(request, 481),
        _ => Answer(request, 405).Header(HeaderName.Allow, PhoneContext.AllowedMethods),
    };

    // RFC 3261 §8.2.6.2: what is answered outside of a dialog gets a tag.
    private static ResponseBuilder Answer(SipRequest request, int status, string? reason = null) => request.Answer(status, reason, Identifiers.NewTag());

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
            Respond(transaction, Answer(request, 486));
            return;
        }

        if (IncomingLeg.Accept(phone, transaction, phone.Called(request)) is not { } leg)
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
            return Answer(request, 480);
        }

        if (request.RequestUri is OtherUri || request.RequestSipUri is { IsSecure: true })
        {
            return Answer(request, 416);
        }

        if (phone.Called(request) is null && phone.Accounts.Count > 0 && request.RequestSipUri?.User is not null)
        {
            return Answer(request, 404);
        }

        if (request.Contacts.Count == 0)
        {
            return Answer(request, 400, "Contact missing");
        }

        if (phone.Calls.Legs.OfType<IncomingLeg>().Any(leg => leg.IsSameCallAs(request)))
        {
            // RFC 3261 §8.2.2.2: it came by another way too.
            return Answer(request, 482);
        }

        return SessionTimer.IsTooShort(request, phone.Options) ? Answer(request, 422).Header(HeaderName.MinSe, phone.MinSessionSeconds) : null;
    }
}

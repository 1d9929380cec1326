// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Admission;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Messaging;

/// <summary>Where messages are handed in: which of them are to be kept, and which must not go past those that wait (docs/decisions/0051).</summary>
/// <param name="room">Where they are kept.</param>
/// <param name="domains">Which addresses-of-record are ours.</param>
/// <param name="senders">Who is believed to be who he says.</param>
/// <param name="options">What the user configured.</param>
internal sealed class MailDesk(Mailroom room, Domains domains, BelievedSender senders, MessageOptions options) : IRequestKeeper
{
    // A request that was forwarded may be answered until shortly before then (RFC 3261 §17.1.2.2, Timer F).
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(33);

    public TimeSpan? PatienceFor(RequestContext context)
    {
        if (!IsToBeKept(context) || !IsOfInterest(context.Request))
        {
            return null;
        }

        foreach (Device device in context.Devices)
        {
            if (!device.IsAway)
            {
                return options.AnswerTime;
            }
        }

        return null; // his messages are for the server of the other domain to keep
    }

    public ulong BranchOf(RequestContext context, Device device) => room.Keys.BranchOf(device.Aor, context.Received, device.Id, 0);

    public bool IsAbsence(int status) => Reaction.To(status) == Reaction.Absent;

    public bool TryTake(RequestContext context, ReadOnlySpan<byte> aor)
    {
        if (!IsToBeKept(context) || !IsOfInterest(context.Request))
        {
            return false;
        }

        Keep(context, Encoding.UTF8.GetString(aor), 0, wasAnswered: false, new KeptRequest(context));
        return true;
    }

    public bool TryKeep(RequestContext context, bool mayArriveYet, IKeepingUser user)
    {
        if (!IsOfInterest(context.Request))
        {
            return false;
        }

        long notBefore = mayArriveYet ? room.Now + (long)(LongestAnswer - options.AnswerTime).TotalMilliseconds : 0;
        Keep(context, context.Devices[0].Aor, notBefore, wasAnswered: !mayArriveYet, user);
        return true;
    }

    public void Arrived(object kept) => room.Arrived((StoredMessage)kept);

    /// <summary>
    /// Takes a message for a user who is there, if it must not overtake others of its sender, or has come before. Each MESSAGE comes here: while nothing of it waits that
    /// costs a keyed hash, and no object and no lock.
    /// </summary>
    public bool TryTakeInTurn(RequestContext context)
    {
        if (room.Boxes.AreEmpty || !IsToBeKept(context))
        {
            return false;
        }

        ReadOnlySpan<byte> aor = CallerSearch.Utf8(context.Devices[0].Aor, stackalloc byte[Domains.LongestAor]);
        return (room.Boxes.Remember(room.Keys.Of(aor, context.Request)) || (room.Boxes.HaveFor(aor) && room.Boxes.HaveTurns(aor, IncomingMessage.SenderOf(context.Request, domains))))
            && TryTake(context, aor);
    }

    private bool IsToBeKept(RequestContext context) => options.Store && IncomingMessage.IsToBeKept(context);

    private bool IsOfInterest(SipRequest request) =>
        IncomingMessage.IsOfInterestLater(request) && IncomingMessage.ExpiryOf(request, room.Stack.Time.GetUtcNow(), options.Expires) > room.Now;

    private void Keep(RequestContext context, string aor, long notBefore, bool wasAnswered, IKeepingUser user)
    {
        SipRequest request = context.Request;
        bool isOfStranger = !senders.IsBelieved(context);
        ulong key = room.Keys.Of(CallerSearch.Utf8(aor, stackalloc byte[Domains.LongestAor]), request);
        KeepOutcome outcome = room.Boxes.Take(key, Message, out StoredMessage? message, out bool isNew);
        if (outcome == KeepOutcome.Kept)
        {
            outcome = room.Store(new KeepingMessage(room, message!, isNew ? context.Received.Span.ToArray() : null, room.Location.Knows(aor), user), message!, isNew);
        }

        if (outcome != KeepOutcome.Kept)
        {
            room.NotKept(request.From.Uri.ToString(), aor, outcome);
            user.Kept(outcome, null);
        }

        StoredMessage Message(long id)
        {
            DateTimeOffset now = room.Stack.Time.GetUtcNow();
            return new StoredMessage
            {
                Id = id,
                Key = key,
                Aor = aor,
                Sender = IncomingMessage.SenderOf(request, domains),
                IsOfStranger = isOfStranger,
                CallId = request.CallId,
                CSeq = request.CSeqNumber,
                FromTag = IncomingMessage.FromTagOf(request),
                Received = now.ToUnixTimeMilliseconds(),
                Expires = IncomingMessage.ExpiryOf(request, now, options.Expires),
                Type = request.ContentTypeText ?? "",
                Size = request.Span.Length,
                NotBefore = notBefore,
                Refusals = wasAnswered ? 1 : 0,
            };
        }
    }
}

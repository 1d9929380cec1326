// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Bodies;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Tests.Phone.Presence;

/// <summary>What somebody says by hand to a phone that watches him, and what it tells then.</summary>
internal static class PresencePeer
{
    /// <summary>Who is watched, where nothing else is said.</summary>
    public const string Bob = "sip:bob@10.0.0.1";

    public static byte[] Document(Availability availability, string? note = null) => PresenceDocument.Of(Bob, availability, note).ToBytes();

    public static void Accept(ScriptedPeer peer, SipRequest subscribe, int expires = 3600) =>
        peer.Send(peer.Answer(subscribe, 200).Header(HeaderName.Expires, expires.ToString(CultureInfo.InvariantCulture)).Build());

    public static async Task Tell(
        ScriptedPeer peer, SipRequest subscribe, uint sequence, byte[] body, string state = "active;expires=3600", int status = 200, string type = "application/pidf+xml")
    {
        var notify = Notify(peer, subscribe, sequence, state);
        peer.Send((body.Length == 0 ? notify : notify.Body(type, body)).Build());
        await peer.Response(status);
    }

    public static async Task<PresenceState> Next(PresenceWatch watch, int index)
    {
        await foreach (var state in watch.PresenceStates())
        {
            if (index-- == 0)
            {
                return state;
            }
        }

        throw new InvalidOperationException("there are no more states");
    }

    /// <summary>The watch is given up, and the peer says its last word.</summary>
    public static async Task Leave(ScriptedPeer peer, PresenceWatch watch, uint sequence)
    {
        var leaving = watch.DisposeAsync();
        var last = await peer.Request(SipMethod.Subscribe);
        Assert.Equal("0", last.Text(HeaderName.Expires));
        Accept(peer, last, 0);
        Assert.False(leaving.IsCompleted);
        await Tell(peer, last, sequence, [], "terminated;reason=timeout");
        await leaving;
        Assert.Equal(SubscriptionPhase.Ended, watch.Subscription.Phase);
    }

    public static RequestBuilder Notify(ScriptedPeer peer, SipRequest subscribe, uint sequence, string state = "active;expires=3600") =>
        peer.NewRequest(SipMethod.Notify, subscribe.Contacts[0].Uri.ToString(), subscribe.CallId, sequence, subscribe.From.Tag, "peer")
            .Header(HeaderName.Event, "presence").Header(HeaderName.SubscriptionState, state);
}

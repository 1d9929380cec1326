// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Isthmus.Bodies;
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.Presence.PresencePeer;

namespace Isthmus.Tests.Phone.Presence;

/// <summary>Watching a whole list by one subscription (RFC 4662 §5.6).</summary>
public sealed class ListWatchTests
{
    private const string Friends = "sip:friends@10.0.0.1";
    private const string Bob = "sip:bob@example.com";
    private const string Carol = "sip:carol@example.com";

    [Fact]
    public void Notify_FullThenPartial_TellsOfEachUserOnce()
    {
        Play(async (peer, watch, subscribe) =>
        {
            await TellList(peer, subscribe, 1, 0, true, (Bob, Availability.Online), (Carol, Availability.Offline));
            await TellList(peer, subscribe, 2, 1, false, (Carol, Availability.Busy));
            await TellList(peer, subscribe, 3, 1, false, (Carol, Availability.Away)); // an old one
            await TellList(peer, subscribe, 4, 2, true, (Bob, Availability.Online), (Carol, Availability.Offline));
            Assert.Equal(
                [(Bob, Availability.Online), (Carol, Availability.Offline), (Carol, Availability.Busy), (Carol, Availability.Offline)],
                await States(watch, 4));
            await Leave(peer, watch, 5);
        });
    }

    [Fact]
    public void Notify_WithAGap_AsksForTheWholeState()
    {
        Play(async (peer, watch, subscribe) =>
        {
            await TellList(peer, subscribe, 1, 0, true, (Bob, Availability.Online), (Carol, Availability.Offline));
            await TellList(peer, subscribe, 2, 2, false, (Carol, Availability.Busy));
            var refresh = await peer.Request(SipMethod.Subscribe);
            Assert.Equal((subscribe.CallId, subscribe.CSeq.Number + 1), (refresh.CallId, refresh.CSeq.Number));
            Accept(peer, refresh);
            await TellList(peer, subscribe, 3, 3, true, (Bob, Availability.Away), (Carol, Availability.Busy));
            Assert.Equal((Bob, Availability.Away), (await States(watch, 4))[3]);
            await Leave(peer, watch, 4);
        });
    }

    [Fact]
    public void Notify_WithoutAUser_TellsThatHeIsGone()
    {
        Play(async (peer, watch, subscribe) =>
        {
            await TellList(peer, subscribe, 1, 0, true, (Bob, Availability.Online), (Carol, null));
            await TellList(peer, subscribe, 2, 1, true, (Carol, null));
            Assert.Equal((SubscriptionPhase.Pending, (Availability?)null), ((await Next(watch, 1)).Subscription, (await Next(watch, 1)).Availability));
            Assert.Equal((Bob, SubscriptionPhase.Ended, "noresource"), ((await Next(watch, 2)).Address, (await Next(watch, 2)).Subscription, (await Next(watch, 2)).Reason));
            await Leave(peer, watch, 3);
        });
    }

    [Theory]
    [InlineData("multipart/related;boundary=x", "--y\r\n")]
    [InlineData("multipart/related", "--y\r\n")]
    [InlineData("multipart/related;boundary=x", "--x\r\nContent-Type: application/rlmi+xml\r\n\r\n<list/>\r\n--x--\r\n")]
    public void Notify_ThatCannotBeRead_SaysSo(string type, string body)
    {
        Play(async (peer, watch, subscribe) =>
        {
            await Tell(peer, subscribe, 1, Encoding.ASCII.GetBytes(body), type: type);
            Assert.StartsWith("cannot be read", (await Next(watch, 0)).Reason, StringComparison.Ordinal);
            await Leave(peer, watch, 2);
        });
    }

    private static async Task<(string, Availability?)[]> States(PresenceWatch watch, int count)
    {
        var states = new List<(string, Availability?)>();
        await foreach (var state in watch.PresenceStates())
        {
            states.Add((state.Address, state.Availability));
            if (states.Count == count)
            {
                break;
            }
        }

        return [.. states];
    }

    private static Task TellList(ScriptedPeer peer, SipRequest subscribe, uint sequence, int version, bool isFull, params (string Uri, Availability? Availability)[] users)
    {
        var list = new ResourceListInfo(Friends, version, isFull)
        {
            Resources =
            [
                .. users.Select(user => new ListedResource(user.Uri)
                {
                    Instances = [user.Availability is null ? new ResourceInstance("1", ResourceInstanceState.Pending) : new ResourceInstance("1", ResourceInstanceState.Active) { ContentId = Id(user.Uri) }],
                }),
            ],
        };
        var body = new MultipartBody(
        [
            new BodyPart(ResourceListInfo.ContentType, list.ToBytes()) { ContentId = "list@example.com" },
            .. users.Where(user => user.Availability is not null)
                .Select(user => new BodyPart(PresenceDocument.ContentType, PresenceDocument.Of(user.Uri, user.Availability!.Value).ToBytes()) { ContentId = Id(user.Uri) }),
        ]);
        var output = new ArrayBufferWriter<byte>();
        var type = body.WriteTo(output);
        return Tell(peer, subscribe, sequence, output.WrittenSpan.ToArray(), type: type);
    }

    private static string Id(string uri) => $"{uri[4..].Replace('@', '-')}@example.com";

    private static void Play(Func<ScriptedPeer, PresenceWatch, SipRequest, Task> script) => PhoneScene.Play(async (_, phone, peer) =>
    {
        var watch = phone.Watch(Friends);
        var subscribe = await peer.Request(SipMethod.Subscribe);
        Accept(peer, subscribe);
        await script(peer, watch, subscribe);
    });
}

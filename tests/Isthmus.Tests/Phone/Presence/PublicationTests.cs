// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Bodies;
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone.Presence;

/// <summary>Publishing to a server that is played by hand (RFC 3903 §4).</summary>
public sealed class PublicationTests
{
    [Fact]
    public void Publish_IsCreatedRefreshedChangedAndRemoved()
    {
        Play(async (scene, phone, peer) =>
        {
            var publication = phone.Publish(Availability.Busy, "in a meeting");
            var create = await peer.Request(SipMethod.Publish);
            Assert.Equal(("sip:alice@example.com", "presence", "3600", null), (create.RequestUriText, create.Text(HeaderName.Event), create.Text(HeaderName.Expires), create.Text(HeaderName.SipIfMatch)));
            Assert.True(PresenceDocument.TryParse(create.Body, out var document, out _));
            Assert.Equal(("sip:alice@example.com", Availability.Busy, "in a meeting"), (document.Entity, document.Availability, document.Note));
            Grant(peer, create, "one", 600);
            Assert.Equal((PublicationPhase.Published, "one"), ((await publication.Settled).Phase, publication.State.EntityTag));

            var granted = scene.World.Time.GetUtcNow();
            var refresh = await peer.Request(SipMethod.Publish);
            Assert.InRange((scene.World.Time.GetUtcNow() - granted).TotalSeconds, 300, 536.1);
            Assert.Equal(("one", 0, create.CallId, create.CSeq.Number + 1), (refresh.Text(HeaderName.SipIfMatch), refresh.Body.Length, refresh.CallId, refresh.CSeq.Number));
            Assert.Null(refresh.Text(HeaderName.ContentType));
            Grant(peer, refresh, "two", 600);
            await scene.Seconds(1);

            publication.Change(Availability.Away);
            publication.Change(Availability.Online, "back");
            var change = await peer.Request(SipMethod.Publish);
            Assert.Equal(("two", true), (change.Text(HeaderName.SipIfMatch), !change.Body.IsEmpty));
            Grant(peer, change, "three");
            var second = await peer.Request(SipMethod.Publish);
            Assert.True(PresenceDocument.TryParse(second.Body, out document, out _));
            Assert.Equal(("three", Availability.Online, "back"), (second.Text(HeaderName.SipIfMatch), document.Availability, document.Note));
            Grant(peer, second, "four");
            await scene.Seconds(1);

            var removing = publication.DisposeAsync();
            var removal = await peer.Request(SipMethod.Publish);
            Assert.Equal(("four", "0", 0), (removal.Text(HeaderName.SipIfMatch), removal.Text(HeaderName.Expires), removal.Body.Length));
            Grant(peer, removal, "five", 0);
            await removing;
            Assert.Equal((PublicationPhase.Ended, 200), (publication.State.Phase, publication.State.Status));
        });
    }

    [Fact]
    public void Publish_GrantedForNoTimeAtAll_IsNotRepeatedAsFastAsItIsAnswered()
    {
        Play(async (scene, phone, peer) =>
        {
            phone.Publish(Availability.Online);
            Grant(peer, await peer.Request(SipMethod.Publish), "one", 0);
            var granted = scene.World.Time.GetUtcNow();
            Grant(peer, await peer.Request(SipMethod.Publish), "two", 0);
            Assert.True(scene.World.Time.GetUtcNow() - granted >= TimeSpan.FromSeconds(1));
        });
    }

    [Fact]
    public void Publish_ForgottenByTheServer_IsMadeAnew()
    {
        Play(async (scene, phone, peer) =>
        {
            var publication = phone.Publish(Availability.Online, options: new PublishOptions { EntityTag = "of-yesterday" });
            var first = await peer.Request(SipMethod.Publish);
            Assert.Equal("of-yesterday", first.Text(HeaderName.SipIfMatch));
            peer.Send(first.Answer(412, null, "s").Build());
            var again = await peer.Request(SipMethod.Publish);
            Assert.Equal((null, true), (again.Text(HeaderName.SipIfMatch), !again.Body.IsEmpty));
            Grant(peer, again, "new");
            Assert.Equal("new", (await publication.Settled).EntityTag);
            publication.Leave();
            await publication.DisposeAsync();
            await scene.Seconds(1);
            Assert.False(peer.HasMore);
        });
    }

    [Fact]
    public void TooBrief_IsAskedForAgainWithTheMinimum()
    {
        Play(async (scene, phone, peer) =>
        {
            var publication = phone.Publish(Availability.Online, options: new PublishOptions { Expires = TimeSpan.FromMinutes(1) });
            peer.Send((await peer.Request(SipMethod.Publish)).Answer(423, null, "s").Header(HeaderName.MinExpires, "900").Build());
            var second = await peer.Request(SipMethod.Publish);
            Assert.Equal(("900", true), (second.Text(HeaderName.Expires), !second.Body.IsEmpty));
            Grant(peer, second, "one", 900);
            Assert.Equal(PublicationPhase.Published, (await publication.Settled).Phase);
            publication.Leave();
        });
    }

    [Theory]
    [InlineData(403, PublicationPhase.Ended)]
    [InlineData(489, PublicationPhase.Ended)]
    [InlineData(405, PublicationPhase.Ended)]
    [InlineData(503, PublicationPhase.Waiting)]
    public void Publish_Refused_IsTriedAgainWhereThatMakesSense(int status, PublicationPhase expected)
    {
        Play(async (scene, phone, peer) =>
        {
            var publication = phone.Publish(Availability.Online);
            peer.Send((await peer.Request(SipMethod.Publish)).Answer(status, null, "s").Build());
            Assert.Equal((expected, status), ((await publication.Settled).Phase, publication.State.Status));
            if (expected == PublicationPhase.Waiting)
            {
                Grant(peer, await peer.Request(SipMethod.Publish), "one");
                await scene.Seconds(1);
                Assert.Equal(PublicationPhase.Published, publication.State.Phase);
                publication.Leave();
            }
        });
    }

    [Fact]
    public void Publish_WithoutAnAccount_SaysSo()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var phone = scene.Phone(scene.T5);
            Assert.Equal(PublicationPhase.Ended, (await phone.Publish(Availability.Online).Settled).Phase);
        });
    }

    private static void Grant(ScriptedPeer peer, SipRequest publish, string tag, int expires = 3600) => peer.Send(
        publish.Answer(200, null, "s").Header(HeaderName.SipETag, tag).Header(HeaderName.Expires, expires.ToString(CultureInfo.InvariantCulture)).Build());

    private static void Play(Func<PhoneScene, SipPhone, ScriptedPeer, Task> script) =>
        PhoneScene.Play(script, new PhoneOptions { Accounts = [Account("alice", RegistrationMode.None, ServerV4)] });
}

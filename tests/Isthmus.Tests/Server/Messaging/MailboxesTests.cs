// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server;
using Isthmus.Server.Messaging;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Messaging;

public sealed class MailboxesTests
{
    private const int MostGoing = 10;
    private readonly MessageKeys _keys = new(new byte[32]);
    private readonly Mailboxes _boxes;

    public MailboxesTests() => _boxes = new Mailboxes(new MessageOptions(), MostGoing);

    [Fact]
    public void Look_ForManyUsers_LetsOnlySoManyGoAtATime()
    {
        for (int i = 0; i < 500; i++)
        {
            Store($"sip:user{i}@example.com", "sip:alice@example.com", i);
        }

        var all = new List<StoredMessage>();
        while (all.Count < 500)
        {
            List<StoredMessage> started = Look();
            Assert.InRange(started.Count, 1, MostGoing);
            Assert.Empty(Look());
            Assert.True(_boxes.NextDue >= RememberedMessages.Time.TotalMilliseconds); // nobody need look before one is over
            foreach (StoredMessage message in started)
            {
                _boxes.Delivered(message, []);
                _boxes.Ended(message, 0);
            }

            all.AddRange(started);
        }

        Assert.Equal(500, all.Distinct().Count());
        Assert.Equal((0, 0L), (_boxes.Count, _boxes.Bytes));
    }

    [Fact]
    public void Look_ForOneUser_LetsOneOfEachSenderGoAndOfEightSenders()
    {
        for (int i = 0; i < 60; i++)
        {
            Store("sip:bob@example.com", $"sip:sender{i % 20}@example.com", i);
        }

        List<StoredMessage> started = Look();
        Assert.Equal(8, started.Select(message => message.Sender).Distinct().Count());
        Assert.Equal(8, started.Count);
    }

    [Fact]
    public void TryWaitAgain_NobodyIsThere_WaitsForACall()
    {
        Store("sip:bob@example.com", "sip:alice@example.com", 1);
        Assert.Empty(Look(isThere: false));
        Assert.Empty(Look(now: 1_000_000)); // nobody has registered
        Assert.True(_boxes.Call("sip:bob@example.com"u8, ["phone"], 1_000_000));
        StoredMessage message = Assert.Single(Look(now: 1_000_000));
        Assert.False(_boxes.TryEnd(message));
        Assert.True(_boxes.TryWaitAgain(message, DeliveryOutcome.Nobody("no answer"), 1_000_000));
        Assert.Equal(1_060_000, _boxes.NextDue);
        Assert.Equal("no answer", _boxes.All[0].Message.Problem);
    }

    [Fact]
    public void TryWaitAgain_SomebodyRegisteredMeanwhile_GoesAtOnce()
    {
        Store("sip:bob@example.com", "sip:alice@example.com", 1);
        StoredMessage message = Assert.Single(Look());
        _boxes.Call("sip:bob@example.com"u8, ["phone"], 10);
        Assert.True(_boxes.TryWaitAgain(message, DeliveryOutcome.Nobody("no answer"), 20));
        Assert.Same(message, Assert.Single(Look(now: 20)));
    }

    [Fact]
    public void Stored_StoreFailed_LeavesNothingAndTheNextOneGoes()
    {
        StoredMessage failed = Take("sip:bob@example.com", "sip:alice@example.com", 1);
        StoredMessage next = Take("sip:bob@example.com", "sip:alice@example.com", 2);
        _boxes.Stored(failed, isStored: false, 0);
        _boxes.Stored(next, isStored: true, 0);
        Assert.False(_boxes.IsStored(failed));
        Assert.Same(next, Assert.Single(Look()));
        Assert.False(_boxes.Remember(failed.Key));
        Assert.True(_boxes.Remember(next.Key));
    }

    [Fact]
    public void Look_MessagesThatCameAndWent_LeaveNothingToBeLookedAt()
    {
        for (int i = 0; i < 1000; i++)
        {
            StoredMessage unknown = Take($"sip:nobody{i}@example.com", "sip:alice@example.com", i); // who is no user, the store says
            Assert.Equal(0, _boxes.CountDue);
            _boxes.Stored(unknown, isStored: false, 0);
            StoredMessage message = Take($"sip:user{i}@example.com", "sip:alice@example.com", i);
            _boxes.Stored(message, isStored: true, 0);
            for (int refresh = 0; refresh < 3; refresh++)
            {
                _boxes.Refresh(Encoding.UTF8.GetBytes(message.Aor), "phone", refresh);
                Assert.Equal(1, _boxes.CountDue);
            }

            Assert.True(_boxes.TryEnd(message));
            _boxes.Ended(message, 0);
            Assert.Equal(0, _boxes.CountDue);
        }
    }

    [Fact]
    public void Look_MessageWhoseTimeWasOverBeforeItWasStored_IsGivenUp()
    {
        StoredMessage late = Take("sip:bob@example.com", "sip:alice@example.com", 1);
        StoredMessage other = Take("sip:bob@example.com", "sip:carol@example.com", 2);
        _boxes.Stored(other, isStored: true, 0);
        var expired = new List<StoredMessage>();
        _boxes.Look(100_000_001, _ => false, [], expired);
        Assert.Same(other, Assert.Single(expired));
        _boxes.Stored(late, isStored: true, 100_000_002);
        Assert.True(_boxes.NextDue <= 100_000_002);
        _boxes.Look(100_000_002, _ => false, [], expired);
        Assert.Same(late, expired[^1]);
    }

    [Fact]
    public void Look_ManyWhoseTimeIsOver_GivesUpOnlySoManyAtATime()
    {
        for (int i = 0; i < 500; i++)
        {
            Store($"sip:user{i / 50}@example.com", $"sip:sender{i % 3}@example.com", i);
        }

        var all = new List<StoredMessage>();
        while (all.Count < 500)
        {
            var expired = new List<StoredMessage>();
            _boxes.Look(100_000_000, _ => true, [], expired);
            Assert.InRange(expired.Count, 1, MostGoing);
            Assert.True(_boxes.NextDue > 100_000_000); // nobody need look before one is out of the store
            expired.ForEach(message => _boxes.Ended(message, 100_000_000));
            all.AddRange(expired);
        }

        Assert.Equal((500, 0), (all.Distinct().Count(), _boxes.Count));
    }

    [Fact]
    public void Look_AsksWhetherAUserIsThere_InNoLock()
    {
        Store("sip:bob@example.com", "sip:alice@example.com", 1);
        var started = new List<StoredMessage>();
        _boxes.Look(
            0,
            _ =>
            {
                Assert.True(Task.Run(() => _boxes.CountDue).Wait(TimeSpan.FromSeconds(30)));
                return true;
            },
            started,
            []);
        Assert.Single(started);
    }

    [Fact]
    public void Look_WhoeverRegistersWhileItIsAsked_IsNotOverlooked()
    {
        Store("sip:bob@example.com", "sip:alice@example.com", 1);
        var started = new List<StoredMessage>();
        _boxes.Look(0, _ => !_boxes.Call("sip:bob@example.com"u8, ["phone"], 0), started, []);
        Assert.Single(started);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Remember_AndHaveFor_MakeNothing(bool isMuch)
    {
        for (int i = 0; i < (isMuch ? 1000 : 1); i++)
        {
            Store($"sip:user{i}@example.com", "sip:alice@example.com", i);
        }

        byte[] text = "MESSAGE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\n\r\n"u8.ToArray();
        var request = (SipRequest)SipParser.Parse(text).Message!;
        bool Ask() => _boxes.Remember(_keys.Of("sip:bob@example.com"u8, request)) || _boxes.HaveFor("sip:bob@example.com"u8);
        Assert.False(Ask());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Ask();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(_boxes.HaveFor("sip:user0@example.com"u8));
    }

    [Fact]
    public void Of_ARequestAndWhatIsStoredOfIt_AreTheSame()
    {
        var request = (SipRequest)SipParser.Parse("MESSAGE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:alice@example.com>;tag=a1\r\nTo: <sip:bob@example.com>\r\nCall-ID: b2@c\r\nCSeq: 7 MESSAGE\r\n\r\n"u8.ToArray()).Message!;
        Assert.Equal(_keys.Of("sip:bob@example.com", "b2@c", 7, "a1"), _keys.Of("sip:bob@example.com"u8, request));
        Assert.NotEqual(_keys.Of("sip:bob@example.com", "b2@c", 8, "a1"), _keys.Of("sip:bob@example.com"u8, request));
    }

    [Theory]
    [InlineData(Reaction.Taken, 200, 202)]
    [InlineData(Reaction.Absent, 408, 480, 503, 430, 404, 486, 600)]
    [InlineData(Reaction.Trouble, 500, 482, 491, 300, 302, 400, 401, 403, 405, 407, 420, 421, 481, 487, 489, 501)]
    [InlineData(Reaction.Refused, 413, 415, 488, 513, 603, 604, 606)]
    internal void To_AStatus_IsWhatTheDeviceMakesOfIt(Reaction reaction, params int[] statuses) => Assert.All(statuses, status => Assert.Equal(reaction, Reaction.To(status)));

    private void Store(string aor, string sender, int number) => _boxes.Stored(Take(aor, sender, number), isStored: true, 0);

    private StoredMessage Take(string aor, string sender, int number)
    {
        ulong key = _keys.Of(aor, $"{number}", 1, "tag");
        KeepOutcome outcome = _boxes.Take(
            key,
            id => new StoredMessage { Id = id, Key = key, Aor = aor, Sender = sender, CallId = $"{number}", CSeq = 1, FromTag = "tag", Received = 0, Expires = 100_000_000, Type = "", Size = 100 },
            out StoredMessage? taken,
            out bool isNew);
        Assert.Equal((KeepOutcome.Kept, true), (outcome, isNew));
        return taken!;
    }

    private List<StoredMessage> Look(long now = 0, bool isThere = true)
    {
        var started = new List<StoredMessage>();
        var expired = new List<StoredMessage>();
        _boxes.Look(now, _ => isThere, started, expired);
        Assert.Empty(expired);
        return started;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>Whose a message is, and what we wrote without reading it back.</summary>
public sealed class PooledMessageTests
{
    private static readonly byte[] Options = Encoding.ASCII.GetBytes("OPTIONS sip:b@b.example SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@a.example>;tag=1\r\nTo: <sip:b@b.example>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 4\r\n\r\nbody");

    private readonly MessagePool _pool = new(capacity: 4);

    [Fact]
    public void Dispose_LastOwner_GivesTheMessageBack()
    {
        SipMessage message = Read();
        message.Share();
        message.Dispose();
        SipMessage other = Read();
        Assert.NotSame(message, other);
        Assert.Equal("c1", message.CallId);
        message.Dispose();
        Assert.True(message.Span.IsEmpty && message.Body.IsEmpty);
        SipMessage next = Read();
        Assert.Same(message, next);
        Assert.Equal("c1", next.CallId);
        Assert.Equal("body", Encoding.ASCII.GetString(next.Body));
    }

    [Fact]
    public void Dispose_NoPool_LeavesNothing()
    {
        SipMessage message = SipParser.Parse(Options).Message!;
        message.Dispose();
        message.Dispose();
        Assert.True(message.Span.IsEmpty);
        Assert.Equal(0, message.Headers.Count);
    }

    [Fact]
    public void Take_AnotherKindOrSize_IsNotMixedUp()
    {
        Read().Dispose();
        byte[] large = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Options).Replace("Content-Length: 4", "X: " + new string('x', 5000), StringComparison.Ordinal));
        SipMessage second = SipParser.Parse(large, _pool).Message!;
        Assert.Equal(large.Length, second.Span.Length);
        var request = (SipRequest)Read();
        using SipResponse response = request.Answer(200).Build(_pool);
        Assert.Equal(200, response.StatusCode);
        second.Dispose();
        Assert.Same(second, SipParser.Parse(large, _pool).Message);
    }

    [Fact]
    public void Pool_MoreThanItsCapacity_ForgetsTheRest()
    {
        SipMessage[] many = [.. Enumerable.Range(0, 100).Select(_ => Read())];
        Array.ForEach(many, message => message.Dispose());
        SipMessage[] again = [.. Enumerable.Range(0, 100).Select(_ => Read())];
        Assert.InRange(many.Intersect(again).Count(), 1, 8);
        Assert.Equal(100, again.Distinct().Count());
    }

    [Fact]
    public async Task Pool_ManyThreads_NeverGivesOneMessageToTwo()
    {
        var pool = new MessagePool(capacity: 8);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            byte[] mine = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Options).Replace("c1", $"c{worker}", StringComparison.Ordinal));
            for (int i = 0; i < 5000; i++)
            {
                using SipMessage message = SipParser.Parse(mine, pool).Message!;
                using SipResponse answer = ((SipRequest)message).Answer(200).Build(pool);
                Assert.Equal(message.CallIdHash, answer.CallIdHash);
                Assert.True(message.Span.SequenceEqual(mine));
            }
        }, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Written_Message_IsIndexedAsIfItHadBeenRead()
    {
        foreach (byte[] bytes in ViewTests.Torture())
        {
            if (SipParser.Parse(bytes) is not { Outcome: ParseOutcome.Ok, Message: { } message })
            {
                continue;
            }

            MessageEdit edit = MessageEdit.Of(message).RemoveFirstValue(HeaderName.Via).Prepend(HeaderName.Via, "SIP/2.0/UDP h;branch=z9hG4bK1").Append(HeaderName.Server, "s"u8);
            SipMessage written = message is SipRequest ? edit.RequestUri("sip:other@h;x"u8).BuildRequest(_pool) : edit.BuildResponse(_pool);
            SipMessage read = SipParser.Parse(written.Span).Message!;
            Assert.Equal(read.Memory.Index, written.Memory.Index);
            Assert.Equal(read.Memory.BodyStart, written.Memory.BodyStart);
            Assert.Equal(read.Body, written.Body);
            Assert.Equal((read as SipRequest)?.RequestUriText, (written as SipRequest)?.RequestUriText);
            Assert.Equal((read as SipRequest)?.Method, (written as SipRequest)?.Method);
            Assert.Equal((read as SipResponse)?.StatusCode, (written as SipResponse)?.StatusCode);
            Assert.Equal((read as SipResponse)?.ReasonPhrase, (written as SipResponse)?.ReasonPhrase);
            Agreement.OfWellFormed(written);
            written.Dispose();
        }
    }

    [Fact]
    public async Task Written_ReadByManyThreads_IsIndexedOnce()
    {
        var request = (SipRequest)Read();
        for (int i = 0; i < 500; i++)
        {
            using SipResponse written = request.Answer(200, toTag: "t").Build(_pool);
            using var together = new Barrier(3);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                Assert.Equal("c1", written.CallId);
                Assert.Equal(6, written.Headers.Count);
            }, TestContext.Current.CancellationToken)));
        }
    }

    [Fact]
    public void Builder_UsedAgain_BeginsAnew()
    {
        var request = (SipRequest)Read();
        var builder = new ResponseBuilder();
        string first = builder.Begin(request, 486, "No", "tag1"u8).Header(HeaderName.Server, "x\r\ny"u8).Body("text/plain"u8, "hello"u8).Build(_pool).ToString();
        string second = builder.Begin(request, 200).Header(HeaderName.Expires, $"{300}").Build(_pool).ToString();
        const string Copied = "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@a.example>;tag=1\r\nTo: <sip:b@b.example>";
        Assert.Equal($"SIP/2.0 486 No\r\n{Copied};tag=tag1\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\nServer: x  y\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", first);
        Assert.Equal($"SIP/2.0 200 OK\r\n{Copied}\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\nExpires: 300\r\nContent-Length: 0\r\n\r\n", second);
    }

    [Fact]
    public void FirstFields_EveryHeaderName_HasAPlace() => Assert.InRange(HeaderNames.Count, 1, FirstFields.Capacity);

    private SipMessage Read() => SipParser.Parse(Options, _pool).Message!;
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

public sealed class StreamFramerTests
{
    private const string Message = "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nContent-Length: 5\r\n\r\nhello";
    private const string Compact = "BYE sip:a SIP/2.0\r\nl : 0\r\n\r\n";

    [Fact]
    public void Pull_AnyCutOfTheStream_GivesTheSameFrames() => Gen.Int[1, 9].Array[1, 200].Sample(pieces =>
    {
        using var framer = new StreamFramer();
        byte[] stream = Encoding.ASCII.GetBytes(Message + "\r\n\r\n" + Compact + Message + Compact);
        var frames = new List<string>();
        int at = 0, piece = 0;
        while (at < stream.Length)
        {
            int length = Math.Min(pieces[piece++ % pieces.Length], stream.Length - at);
            framer.Push(stream.AsSpan(at, length));
            at += length;
            FrameKind kind;
            while ((kind = framer.Pull(out ReadOnlySpan<byte> frame)) != FrameKind.NeedMore)
            {
                if (kind != FrameKind.Pong)
                {
                    frames.Add(kind == FrameKind.Message ? Encoding.ASCII.GetString(frame) : kind.ToString());
                }
            }
        }

        Assert.Equal([Message, "Ping", Compact, Message, Compact], frames);
        Assert.Equal(0, framer.Pending);
    });

    [Fact]
    public void PullInPlace_AnyCutOfTheStream_GivesTheSameFrames() => Gen.Int[1, 300].Array[1, 200].Sample(pieces =>
    {
        using var framer = new StreamFramer();
        byte[] stream = Encoding.ASCII.GetBytes(Message + "\r\n\r\n" + Compact + Message + Compact);
        byte[] buffer = new byte[300];
        var frames = new List<string>();
        int at = 0, piece = 0;
        while (at < stream.Length)
        {
            int length = Math.Min(pieces[piece++ % pieces.Length], stream.Length - at);
            stream.AsSpan(at, length).CopyTo(buffer); // one buffer for all that comes, as a receiver has it
            at += length;
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, length);
            FrameKind kind;
            while ((kind = framer.Pull(ref bytes, out ReadOnlySpan<byte> frame)) != FrameKind.NeedMore)
            {
                if (kind != FrameKind.Pong)
                {
                    frames.Add(kind == FrameKind.Message ? Encoding.ASCII.GetString(frame) : kind.ToString());
                }
            }

            Assert.True(bytes.IsEmpty);
        }

        Assert.Equal([Message, "Ping", Compact, Message, Compact], frames);
        Assert.Equal(0, framer.Pending);
    });

    [Fact]
    public void PullInPlace_WholeMessages_AreNotCopied()
    {
        using var framer = new StreamFramer();
        byte[] stream = Encoding.ASCII.GetBytes(Message + Compact + "BYE");
        ReadOnlySpan<byte> bytes = stream;
        Assert.Equal(FrameKind.Message, framer.Pull(ref bytes, out ReadOnlySpan<byte> frame));
        Assert.True(frame.Overlaps(stream));
        Assert.Equal(FrameKind.Message, framer.Pull(ref bytes, out frame));
        Assert.True(frame.Overlaps(stream));
        Assert.Equal(FrameKind.NeedMore, framer.Pull(ref bytes, out _));
        Assert.Equal(3, framer.Pending);
        Assert.True(framer.IsInsideMessage);
    }

    [Fact]
    public void PullInPlace_Broken_ShowsWhatCanBeAnsweredAndNothingAfterIt()
    {
        using var framer = new StreamFramer();
        ReadOnlySpan<byte> bytes = "OPTIONS sip:a SIP/2.0\r\n\r\nmore"u8;
        Assert.Equal(FrameKind.Broken, framer.Pull(ref bytes, out ReadOnlySpan<byte> frame));
        Assert.True(frame.StartsWith("OPTIONS"u8));
        Assert.Equal(FrameKind.NeedMore, framer.Pull(ref bytes, out _));
        Assert.Equal(0, framer.Pending);
    }

    [Theory]
    [InlineData("OPTIONS sip:a SIP/2.0\r\n\r\n")]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n")]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: 99999999999\r\n\r\n")]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: 300000\r\n\r\n")]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length:\r\n 0:5\r\n\r\n")]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n 5\r\n\r\n")]
    public void Pull_LengthMissingOrBad_Breaks(string text)
    {
        using var framer = new StreamFramer();
        framer.Push(Encoding.ASCII.GetBytes(text));
        Assert.Equal(FrameKind.Broken, framer.Pull(out ReadOnlySpan<byte> frame));
        Assert.Equal(text, Encoding.ASCII.GetString(frame));
        framer.Push("more"u8);
        Assert.Equal(FrameKind.NeedMore, framer.Pull(out _));
    }

    [Fact]
    public void Pull_HeadersWithoutEnd_BreaksAtTheLimit()
    {
        using var framer = new StreamFramer(new ParserLimits { MaxHeaderBytes = 100 });
        framer.Push(Encoding.ASCII.GetBytes("OPTIONS sip:a SIP/2.0\r\n"));
        Assert.Equal(FrameKind.NeedMore, framer.Pull(out _));
        Assert.True(framer.IsInsideMessage);
        framer.Push(new byte[100].Select(_ => (byte)'x').ToArray());
        Assert.Equal(FrameKind.Broken, framer.Pull(out _));
    }

    [Fact]
    public void Pull_FoldedLength_IsRead()
    {
        using var framer = new StreamFramer();
        framer.Push("OPTIONS sip:a SIP/2.0\r\nl:\r\n \r\n\t3\r\n\r\nabcOPT"u8);
        Assert.Equal(FrameKind.Message, framer.Pull(out ReadOnlySpan<byte> frame));
        Assert.True(frame.EndsWith("abc"u8));
        Assert.Equal(3, framer.Pending);
    }
}

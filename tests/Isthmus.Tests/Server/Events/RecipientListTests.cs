// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Text;
using Isthmus.Bodies;
using Isthmus.Server.Events;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Events;

public sealed class RecipientListTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("identity")]
    [InlineData("Deflate")]
    public void TryRead_List_HasItsMembersOnce(string? encoding)
    {
        byte[] body = new ResourceList([new("sip:bob@example.com", "Bob"), new("sip:carol@example.com"), new("sip:bob@example.com")]).ToBytes();
        Assert.True(RecipientList.TryRead(Subscribe(encoding == "Deflate" ? Deflated(body) : body, encoding), out IReadOnlyList<ListMember>? members, out ListRefusal? refusal), refusal?.Reason);
        Assert.Equal([new("sip:bob@example.com", "Bob"), new("sip:carol@example.com")], members);
    }

    [Fact]
    public void TryRead_Bomb_IsRefused()
    {
        byte[] bomb = Deflated(Encoding.ASCII.GetBytes("<a>" + new string(' ', 50_000_000) + "</a>"));
        Assert.True(bomb.Length < 65_536);
        Assert.False(RecipientList.TryRead(Subscribe(bomb, "deflate"), out _, out ListRefusal? refusal));
        Assert.Equal(new(400, "the body is larger than allowed"), refusal);
    }

    [Fact]
    public void TryRead_NotDeflated_IsRefused()
    {
        Assert.False(RecipientList.TryRead(Subscribe("<a/>"u8.ToArray(), "deflate"), out _, out ListRefusal? refusal));
        Assert.Equal(415, refusal.Status);
    }

    [Fact]
    public void IsIn_OtherBody_IsFalse()
    {
        Assert.True(RecipientList.IsIn(Subscribe("<a/>"u8.ToArray(), null)));
        Assert.False(RecipientList.IsIn(Subscribe([], null)));
        Assert.False(RecipientList.IsIn(Subscribe("<a/>"u8.ToArray(), null, "application/pidf+xml")));
    }

    private static byte[] Deflated(byte[] body)
    {
        var deflated = new MemoryStream();
        using (var stream = new ZLibStream(deflated, CompressionLevel.Optimal))
        {
            stream.Write(body);
        }

        return deflated.ToArray();
    }

    private static SipRequest Subscribe(byte[] body, string? encoding, string contentType = "application/resource-lists+xml")
    {
        string head = $"SUBSCRIBE sip:friends@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:friends@example.com>\r\n" +
            $"Call-ID: 1\r\nCSeq: 1 SUBSCRIBE\r\nContact: <sip:a@192.0.2.1>\r\nEvent: presence\r\nContent-Type: {contentType}\r\n{(encoding is null ? "" : $"Content-Encoding: {encoding}\r\n")}Content-Length: {body.Length}\r\n\r\n";
        return Assert.IsType<SipRequest>(SipParser.Parse([.. Encoding.ASCII.GetBytes(head), .. body]).Message);
    }
}

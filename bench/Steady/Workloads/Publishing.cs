// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Steady.Workloads;

/// <summary>P1: a PUBLISH that changes what a user shows, and the NOTIFYs to the ten who watch it. One in ten users is watched; who watches him subscribes before his first.</summary>
internal sealed class Publishing : IWorkload
{
    private const int Watchers = 10;

    private static readonly byte[] Before = Encoding.ASCII.GetBytes(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"sip:user@example.com\"><tuple id=\"t1\"><status><basic>open</basic></status><note>");

    private static readonly byte[] After = "</note></tuple></presence>"u8.ToArray();
    private static readonly byte[] ContentLength = Encoding.ASCII.GetBytes($"{Before.Length + 8 + After.Length}");

    private readonly Draft _draft = new();
    private readonly Dictionary<int, byte[]> _tags = [];

    public string Name => "P1";

    public string Describes => "PUBLISH 200, 10 × NOTIFY 200";

    public void Play(Bed bed, int number)
    {
        int user = number % Math.Max(bed.Users / Watchers, 1);
        if (!_tags.TryGetValue(user, out byte[]? tag))
        {
            Subscribe(bed, user);
            _tags.Add(user, tag = new byte[16]);
        }

        _draft.Clear().Fill("PUBLISH sip:user#@example.com SIP/2.0\r\n"u8, user).Add("Via: SIP/2.0/UDP 127.0.0.1:5070;rport;branch=z9hG4bKp"u8).Add(number)
            .Fill("\r\nMax-Forwards: 70\r\nFrom: <sip:user#@example.com>;tag=p\r\n"u8, user).Fill("To: <sip:user#@example.com>\r\n"u8, user)
            .Fill("Call-ID: steady-publish-#@127.0.0.1\r\nCSeq: 1 PUBLISH\r\nEvent: presence\r\nExpires: 3600\r\n"u8, number);
        if (tag[0] != 0)
        {
            _draft.Add("SIP-If-Match: "u8).Add(tag).Add("\r\n"u8);
        }

        _draft.Add("Content-Type: application/pidf+xml\r\nContent-Length: "u8).Add(ContentLength).Add("\r\n\r\n"u8).Add(Before).Add(number).Add(After);
        bed.FromCaller(_draft.Bytes);
        for (int left = Watchers + 1; left > 0; left--)
        {
            ReadOnlySpan<byte> sent = bed.Expect(default);
            if (sent.StartsWith("NOTIFY "u8))
            {
                Confirm(bed, sent);
            }
            else
            {
                Keep(sent, tag);
            }
        }
    }

    private void Subscribe(Bed bed, int user)
    {
        for (int watcher = 0; watcher < Watchers; watcher++)
        {
            _draft.Clear().Fill("SUBSCRIBE sip:user#@example.com SIP/2.0\r\n"u8, user).Add("Via: SIP/2.0/UDP 127.0.0.1:5080;rport;branch=z9hG4bKs"u8).Add((user * Watchers) + watcher)
                .Add("\r\nMax-Forwards: 70\r\nFrom: <sip:watcher@example.com>;tag=w"u8).Add(watcher).Fill("\r\nTo: <sip:user#@example.com>\r\nCall-ID: steady-watch-#-"u8, user).Add(watcher)
                .Add("@127.0.0.1\r\nCSeq: 1 SUBSCRIBE\r\nContact: <sip:watcher@127.0.0.1:5080>\r\nEvent: presence\r\nAccept: application/pidf+xml\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n"u8);
            bed.FromCallee(_draft.Bytes);
            bed.Expect("SIP/2.0 200 "u8);
            Confirm(bed, bed.Expect("NOTIFY "u8));
        }
    }

    private void Confirm(Bed bed, ReadOnlySpan<byte> notify) => bed.FromCallee(_draft.Answer("SIP/2.0 200 OK\r\n"u8, notify).Add("Content-Length: 0\r\n\r\n"u8).Bytes);

    // The tag of the state that the next PUBLISH replaces (RFC 3903 §4.4).
    private static void Keep(ReadOnlySpan<byte> answer, Span<byte> tag)
    {
        ReadOnlySpan<byte> name = "SIP-ETag: "u8;
        int at = answer.IndexOf(name);
        if (!answer.StartsWith("SIP/2.0 200 "u8) || at < 0)
        {
            throw new InvalidOperationException($"Expected a 200 with an entity tag, the server sent:\n{Encoding.UTF8.GetString(answer)}");
        }

        answer.Slice(at + name.Length, tag.Length).CopyTo(tag);
    }
}

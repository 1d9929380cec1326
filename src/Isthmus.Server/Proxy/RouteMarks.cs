// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The marks by which the proxy knows its own work when it comes back: in a Record-Route (only who got it from us for this Call-ID has
/// it, so that a made-up Route and To tag do not turn the proxy into an open relay), in a branch (RFC 5393 §4.2.1), and in the branch of
/// what was forwarded without state. Each is a code of 64 bits that nobody can make without the key (docs/decisions/0039).
/// </summary>
internal sealed class RouteMarks(ReadOnlyMemory<byte> secret)
{
    /// <summary>The URI parameter, with the value <c>on</c>, of both Record-Routes of a pair (RFC 5658 §5).</summary>
    public static ReadOnlySpan<byte> PairParameter => "r2"u8;

    private const int UsualNames = 256;

    /// <summary>How many octets a mark takes as text: hexadecimal digits.</summary>
    public const int TextLength = 16;

    private readonly KeyedHash _routes = KeyFor(secret, "route"u8);
    private readonly KeyedHash _loops = KeyFor(secret, "loop"u8);
    private readonly KeyedHash _tags = KeyFor(secret, "tag"u8);
    private readonly KeyedHash _stateless = KeyFor(secret, "stateless"u8);

    /// <summary>The URI parameter that carries the mark of a Record-Route.</summary>
    public static ReadOnlySpan<byte> TokenParameter => "k"u8;

    /// <summary>The mark of Record-Routes for a conversation.</summary>
    public ulong TokenFor(ReadOnlySpan<byte> callId) => _routes.Of(callId);

    /// <summary>Whether a Route is one that we made for this conversation.</summary>
    public bool IsOurs(in SipUriView route, ReadOnlySpan<byte> callId) =>
        route.TryGet(TokenParameter, out ReadOnlySpan<byte> token) && TryRead(token, out ulong mark) && mark == TokenFor(callId);

    /// <summary>
    /// The mark of a request for loop detection: of everything that decides where the request goes, and of what tells transactions apart
    /// (RFC 5393 §4.2.4). The method is not part of it, since CANCEL and ACK carry the same branch.
    /// </summary>
    public ulong LoopMarkOf(SipRequest request)
    {
        ulong routes = 0;
        foreach (ReadOnlySpan<byte> route in request.ValuesOf(HeaderName.Route))
        {
            routes = Together(_loops, [routes, _loops.Of(route)]);
        }

        // The caller's From and the offer's version are what the judge looks at; the body cannot change on the way.
        ReadOnlySpan<byte> target = request.RequestUriBytes, from = request.FromView.Tag, to = request.ToView.Tag;
        int length = target.Length + from.Length + to.Length + 2;
        Span<byte> names = length <= UsualNames ? stackalloc byte[length] : new byte[length];
        names.Clear(); // an octet that is in none of them keeps them apart
        target.CopyTo(names);
        from.CopyTo(names[(target.Length + 1)..]);
        to.CopyTo(names[(target.Length + from.Length + 2)..]);
        return Together(_loops, [_loops.Of(names), routes, TokenFor(request.CallIdBytes), request.CSeqNumber]);
    }

    /// <summary>The To tag of our answers to a request: the same for a retransmission (RFC 3261 §8.2.7), and nobody can guess it (§19.3).</summary>
    public ulong TagFor(SipRequest request) => Together(_tags, [_tags.Of(request.CallIdBytes), _tags.Of(request.FromView.Tag), request.CSeqNumber, _tags.Of(request.TopViaView.Branch)]);

    /// <summary>
    /// The branch of a request that is forwarded without state, from what its response brings back too: the Via below ours, Call-ID, From tag
    /// and CSeq number (RFC 3261 §16.11).
    /// </summary>
    public ulong StatelessIdOf(SipMessage message, in ViaView below) =>
        Math.Max(1, Together(_stateless, [_stateless.Of(below.Branch), _stateless.Of(message.CallIdBytes), _stateless.Of(message.FromView.Tag), message.CSeqNumber]));

    /// <summary>Writes a mark as text; the target has room for <see cref="TextLength"/> octets.</summary>
    public static void Write(ulong mark, Span<byte> target) => _ = Utf8Formatter.TryFormat(mark, target, out _, new('x', TextLength));

    /// <summary>Reads a mark; false when the text is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ulong mark)
    {
        mark = 0;
        return text.Length == TextLength && Utf8Parser.TryParse(text, out mark, out int read, 'x') && read == TextLength;
    }

    // The parts are hashed, and then their hashes: so no part can run into the next.
    private static ulong Together(in KeyedHash key, ReadOnlySpan<ulong> hashes) => key.Of(MemoryMarshal.AsBytes(hashes));

    private static KeyedHash KeyFor(ReadOnlyMemory<byte> secret, ReadOnlySpan<byte> purpose) => KeyedHash.From(HMACSHA256.HashData(secret.Span, purpose));
}

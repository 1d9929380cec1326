// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
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

    private const int UsualLength = 256;

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
        route.TryGet(TokenParameter, out ReadOnlySpan<byte> token) && Hex64.TryRead(token, out ulong mark) && mark == TokenFor(callId);

    /// <summary>
    /// The mark of a request for loop detection: of everything that decides where the request goes, and of what tells transactions apart
    /// (RFC 5393 §4.2.4). The method is not part of it, since CANCEL and ACK carry the same branch.
    /// </summary>
    public ulong LoopMarkOf(SipRequest request)
    {
        ulong routes = 0;
        foreach (ReadOnlySpan<byte> route in request.ValuesOf(HeaderName.Route))
        {
            routes = _loops.Of(MemoryMarshal.AsBytes<ulong>([routes, _loops.Of(route)]));
        }

        // The caller's From and the offer's version are what the judge looks at; the body cannot change on the way.
        return Together(_loops, routes, request.CSeqNumber, request.RequestUriBytes, request.FromView.Tag, request.ToView.Tag, request.CallIdBytes);
    }

    /// <summary>The To tag of our answers to a request: the same for a retransmission (RFC 3261 §8.2.7), and nobody can guess it (§19.3).</summary>
    public ulong TagFor(SipRequest request) => Together(_tags, 0, request.CSeqNumber, request.TopViaView.Branch, request.FromView.Tag, default, request.CallIdBytes);

    /// <summary>
    /// The branch of a request that is forwarded without state, from what its response brings back too: the Via below ours, Call-ID, From tag
    /// and CSeq number (RFC 3261 §16.11).
    /// </summary>
    public ulong StatelessIdOf(SipMessage message, in ViaView below) =>
        Math.Max(1, Together(_stateless, 0, message.CSeqNumber, below.Branch, message.FromView.Tag, default, message.CallIdBytes));

    // One hash of all: an octet that is in none of the texts keeps them apart.
    private static ulong Together(in KeyedHash key, ulong routes, uint number, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d)
    {
        int length = sizeof(ulong) + sizeof(uint) + a.Length + b.Length + c.Length + d.Length + 3;
        Span<byte> all = length <= UsualLength ? stackalloc byte[UsualLength] : new byte[length];
        BinaryPrimitives.WriteUInt64LittleEndian(all, routes);
        BinaryPrimitives.WriteUInt32LittleEndian(all[sizeof(ulong)..], number);
        int at = sizeof(ulong) + sizeof(uint);
        at = Add(c, all, Add(b, all, Add(a, all, at)));
        d.CopyTo(all[at..]);
        return key.Of(all[..length]);
    }

    private static int Add(ReadOnlySpan<byte> part, Span<byte> all, int at)
    {
        part.CopyTo(all[at..]);
        all[at + part.Length] = 0;
        return at + part.Length + 1;
    }

    private static KeyedHash KeyFor(ReadOnlyMemory<byte> secret, ReadOnlySpan<byte> purpose) => KeyedHash.From(HMACSHA256.HashData(secret.Span, purpose));
}

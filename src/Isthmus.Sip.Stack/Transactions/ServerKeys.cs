// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Numbers for what makes requests belong to one transaction: branch, sent-by and method (RFC 3261 §17.2.3), or, for requests without the
/// magic cookie, what RFC 2543 compared. The hash is keyed, so that nobody outside can make two requests that share a number.
/// </summary>
internal sealed class ServerKeys
{
    private const int Usual = 256;

    private readonly KeyedHash _hash = KeyedHash.Random();

    /// <summary>The number of the transaction that a request belongs to, by what it shares with others, were its method <paramref name="method"/>.</summary>
    /// <remarks>ACK and CANCEL look for their INVITE this way.</remarks>
    public static ulong WithMethod(ulong number, SipMethod method) => number + ((ulong)(uint)method.GetHashCode() * 0x9E37_79B9_7F4A_7C15);

    /// <summary>The number that a request shares with its retransmissions, its ACK and its CANCEL.</summary>
    public ulong Of(SipRequest request, in ViaView via)
    {
        if (!via.HasMagicCookie)
        {
            return Rfc2543(request, via);
        }

        Span<byte> port = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(port, via.Port ?? 0);
        return Of(via.Branch, via.Host, port, default, default);
    }

    /// <summary>Whether two requests of one number belong to one transaction, but for method and To tag.</summary>
    public static bool AreSame(SipRequest one, SipRequest other)
    {
        var via = one.TopViaView;
        var otherVia = other.TopViaView;
        if (via.HasMagicCookie)
        {
            return Ascii.EqualsIgnoreCase(via.Branch, otherVia.Branch) && Ascii.EqualsIgnoreCase(via.Host, otherVia.Host) && via.Port == otherVia.Port;
        }

        return via.Text.SequenceEqual(otherVia.Text) && one.RequestUriBytes.SequenceEqual(other.RequestUriBytes)
            && one.CallIdBytes.SequenceEqual(other.CallIdBytes) && one.FromView.Tag.SequenceEqual(other.FromView.Tag) && one.CSeqNumber == other.CSeqNumber;
    }

    // Request-URI, From tag, Call-ID, CSeq number and top Via. The To tag is left out, since that of an ACK is the one of our response.
    private ulong Rfc2543(SipRequest request, in ViaView via)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, request.CSeqNumber);
        return Of(via.Text, request.RequestUriBytes, request.FromView.Tag, request.CallIdBytes, number);
    }

    private ulong Of(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, ReadOnlySpan<byte> e)
    {
        var length = a.Length + b.Length + c.Length + d.Length + e.Length + 5;
        Span<byte> all = length <= Usual ? stackalloc byte[Usual] : new byte[length];
        var at = Add(e, all, Add(d, all, Add(c, all, Add(b, all, Add(a, all, 0)))));
        return _hash.Quick(all[..at]);
    }

    // Each part with its length, in lower case, for a token is the same in capitals (RFC 3261 §7.3.1); what differs for other reasons is found by comparing.
    private static int Add(ReadOnlySpan<byte> part, Span<byte> all, int at)
    {
        Ascii.ToLower(part, all[at..], out _);
        all[at + part.Length] = (byte)'\n'; // in none of the parts
        return at + part.Length + 1;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The Record-Routes that the proxy adds (RFC 3261 §16.6 item 4): one when both sides reach the same socket of ours, else two (RFC 5658
/// §5), each naming the socket that its side can reach. What they say of a socket is written once and kept.
/// </summary>
internal sealed class RecordRoutes
{
    // Sockets and the local addresses behind wildcard ones. Should there ever be more, the rest is written each time.
    private const int MostKept = 256;

    private Names[] _kept = [];

    /// <summary>Whether requests of this method get a Record-Route: those that create a dialog or re-create a failed one.</summary>
    /// <remarks>NOTIFY establishes a dialog when it arrives before the 200 to its SUBSCRIBE (RFC 6665 §4.3).</remarks>
    public static bool AreFor(SipMethod method) => method.CreatesDialog || method == SipMethod.Notify;

    /// <summary>Puts them on top: that of the side that the request came from, then that of the side it leaves to.</summary>
    /// <param name="edit">The forwarded request.</param>
    /// <param name="incoming">How it came.</param>
    /// <param name="outgoing">How it leaves.</param>
    /// <param name="mark">The mark that they carry, <see cref="RouteMarks.TokenFor"/>.</param>
    public void Add(MessageEdit edit, Flow incoming, Flow outgoing, ulong mark)
    {
        Names from = NamesOf(incoming);
        Names to = NamesOf(outgoing);
        if (from.IsSameSocket(to))
        {
            Add(edit, to.Single, mark);
            return;
        }

        Add(edit, from.OfPair, mark);
        Add(edit, to.OfPair, mark);
    }

    /// <summary>Knows a Route that comes back octet for octet as it was written here: then it is well formed, and need not be read.</summary>
    /// <param name="route">The value of the Route.</param>
    /// <param name="own">What it says; whether its mark is right is still to be seen.</param>
    public bool TryKnow(ReadOnlySpan<byte> route, out OwnRoute own)
    {
        foreach (Names names in Volatile.Read(ref _kept))
        {
            if (names.TryKnow(route, out own))
            {
                return true;
            }
        }

        own = default;
        return false;
    }

    private static void Add(MessageEdit edit, ReadOnlySpan<byte> beginning, ulong mark)
    {
        Span<byte> value = stackalloc byte[beginning.Length + Hex64.Length + 1];
        beginning.CopyTo(value);
        Hex64.Write(mark, value[beginning.Length..]);
        value[^1] = (byte)'>';
        edit.Prepend(HeaderName.RecordRoute, value);
    }

    private Names NamesOf(Flow flow)
    {
        Names[] kept = Volatile.Read(ref _kept);
        foreach (Names known in kept)
        {
            if (known.AreOf(flow))
            {
                return known;
            }
        }

        var names = new Names(flow);
        if (kept.Length < MostKept)
        {
            // Of two threads that find something new at once one is forgotten: it will be found again.
            Interlocked.CompareExchange(ref _kept, [.. kept, names], kept);
        }

        return names;
    }

    /// <summary>How one socket is named, up to the mark.</summary>
    private sealed class Names(Flow flow)
    {
        private readonly Listener _listener = flow.Listener;
        private readonly IPAddress _local = flow.Local.Address;
        private readonly HostPort _sentBy = flow.SentBy;

        public byte[] Single { get; } = Beginning(flow, isPair: false);

        public byte[] OfPair { get; } = Beginning(flow, isPair: true);

        public bool AreOf(Flow other) => ReferenceEquals(_listener, other.Listener) && (!_listener.IsWildcard || _local.Equals(other.Local.Address));

        public bool IsSameSocket(Names other) => ReferenceEquals(this, other) || (_listener.Transport == other._listener.Transport && _sentBy == other._sentBy);

        public bool TryKnow(ReadOnlySpan<byte> route, out OwnRoute own)
        {
            own = default;
            bool isSingle = TryReadMark(route, Single, out ulong mark);
            if (!isSingle && !TryReadMark(route, OfPair, out mark))
            {
                return false;
            }

            own = new(mark, IsOfPair: !isSingle, _sentBy.Host.IsName ? null : _listener.Version);
            return true;
        }

        private static bool TryReadMark(ReadOnlySpan<byte> route, ReadOnlySpan<byte> beginning, out ulong mark)
        {
            mark = 0;
            return route.Length == beginning.Length + Hex64.Length + 1 && route.StartsWith(beginning) && route[^1] == '>'
                && Hex64.TryRead(route[beginning.Length..^1], out mark);
        }

        private static byte[] Beginning(Flow flow, bool isPair)
        {
            // UDP is what a numeric host without a transport stands for (RFC 3263 §4.1); transport=tls is forbidden here (RFC 5658 §6.2).
            bool isSecure = flow.Transport is SipTransport.Tls or SipTransport.Wss;
            SipTransport? transport = flow.Transport switch
            {
                SipTransport.Udp or SipTransport.Tls => null,
                SipTransport.Wss => SipTransport.Ws,
                SipTransport other => other,
            };
            SipUri uri = SipUri.Create(null, flow.SentBy, transport, isSecure).WithParameter("lr");
            uri = isPair ? uri.WithParameter(Encoding.UTF8.GetString(RouteMarks.PairParameter), "on") : uri;
            return Encoding.UTF8.GetBytes($"<{uri};{Encoding.UTF8.GetString(RouteMarks.TokenParameter)}=");
        }
    }
}

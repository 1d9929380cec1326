// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using CsCheck;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Tests.Sdp;

public class SdpProperties
{
    private static readonly string Seed = OfferAnswer.Offer(new() { Rtp = new(IPAddress.Parse("2001:db8::a"), 4000), RtcpPort = 7 })
        + "x=unknown\r\nc=IN IP4 224.2.1.1/127/3\r\na=candidate:1 1 UDP 1 192.0.2.1 4000 typ host\r\na=altc:1 IP4 192.0.2.1 4000\r\nm=video 0/2 RTP/AVP 31\r\nb=AS:5\r\n";

    private static readonly Gen<IPAddress> Address = Gen.Frequency(
        (1, Gen.Byte.Array[4].Select(static bytes => new IPAddress(bytes))),
        (2, Gen.Select(Gen.Byte.Array[16], Gen.Bool.Array[8], static (bytes, zero) => new IPAddress(bytes.Select((b, at) => zero[at / 2] ? (byte)0 : b).ToArray()))));

    private static readonly Gen<string> Line = Gen.Select(Gen.Char["abcikmorstuvxyzAZ"], Gen.String[Gen.Char[" !:/.-audioRTP0198IN46é\u4e2d"], 0, 24], static (type, value) => $"{type}={value}");

    [Fact]
    public void Write_WhatWasRead_IsReadTheSame() => Line.Array[0, 12].Sample(static lines =>
    {
        var body = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n" + string.Join("\r\n", lines);
        if (!SessionDescription.TryParse(Encoding.UTF8.GetBytes(body), out var first, out _))
        {
            return true;
        }

        return SessionDescription.TryParse(first.ToBytes(), out var second, out _) && first.Equals(second) && first.ToBytes().AsSpan().SequenceEqual(second.ToBytes());
    });

    [Fact]
    public void TryParse_MutatedBody_NeverThrows() => Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte, Gen.Int[0, 3]).Array[1, 6].Sample(static edits =>
    {
        var body = Encoding.UTF8.GetBytes(Seed).ToList();
        foreach (var (where, what, how) in edits)
        {
            var at = where % body.Count;
            switch (how)
            {
                case 0:
                    body[at] = what;
                    break;
                case 1:
                    body.Insert(at, what);
                    break;
                case 2:
                    body.RemoveAt(at);
                    break;
                default:
                    body.RemoveRange(at, Math.Min(what % 16, body.Count - at - 1));
                    break;
            }
        }

        if (!SessionDescription.TryParse(body.ToArray(), out var session, out var fault))
        {
            return fault.Reason.Length > 0;
        }

        Touch(session);
        return SessionDescription.TryParse(session.ToBytes(), out var again, out _) && again.Equals(session);
    }, iter: 20_000);

    [Fact]
    public void TryParse_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 200].Sample(static body =>
    {
        if (SessionDescription.TryParse(body, out var session, out _))
        {
            Touch(session);
        }
    });

    [Fact]
    public void ConnectionData_AnyAddress_IsReadBack() => Address.Sample(static address =>
        ConnectionData.TryParse(ConnectionData.Create(address).ToString(), out var connection)
        && connection.Address!.Equals(address.Unmapped) && connection.Version == address.Version);

    [Fact]
    public void ConnectionData_EveryTextFormOfIPv6_IsTheSameAddress() => Address.Where(static address => address.Version == IpVersion.V6).Sample(static address =>
    {
        var groups = Enumerable.Range(0, 8).Select(at => (address.GetAddressBytes()[2 * at] << 8) | address.GetAddressBytes()[(2 * at) + 1]).ToArray();
        string[] forms =
        [
            string.Join(':', groups.Select(static group => group.ToString("x4"))),
            string.Join(':', groups.Select(static group => group.ToString("X"))),
            string.Join(':', groups.Take(6).Select(static group => group.ToString("x"))) + ":" + new IPAddress(address.GetAddressBytes()[12..]),
        ];
        return forms.All(form => ConnectionData.TryParse($"IN IP6 {form}", out var connection) && connection.Address!.Equals(address));
    });

    [Fact]
    public void OfferAndAnswer_AnyAddresses_AgreeAndAreOfOneVersion() => Gen.Select(Address, Address, Gen.UShort[1, ushort.MaxValue], Gen.Int[0, 3], Gen.Int[0, 3]).Sample(
        static (alice, bob, port, offered, wanted) =>
        {
            var offer = OfferAnswer.Offer(new() { Rtp = new(alice, port), Direction = (MediaDirection)offered });
            var can = OfferAnswer.TryAnswer(offer, new() { Rtp = new(bob, port), Direction = (MediaDirection)wanted }, null, out var answered, out var fault);
            if (!can)
            {
                return alice.Version != bob.Version && fault == OfferAnswerFault.VersionDiffers;
            }

            return OfferAnswer.TryRead(offer, answered!.Local, out var read, out _) && read.RemoteRtp!.Equals(new IPEndPoint(bob.Unmapped, port))
                && answered.RemoteRtp!.Equals(new IPEndPoint(alice.Unmapped, port))
                && SessionVersions.Of(offer) == alice.Version.AsSet && SessionVersions.Of(answered.Local) == alice.Version.AsSet
                && answered.Local.Origin.Version == alice.Version
                && (bob.Unmapped.Equals(IPAddress.Any) || bob.Equals(IPAddress.IPv6Any) || read.Direction == answered.Direction.Mirrored);
        });

    private static void Touch(SessionDescription session)
    {
        _ = SessionVersions.Of(session, SessionReaders.Altc | SessionReaders.Anat | SessionReaders.Ice);
        _ = (session.UsesIce, session.Times.Count(), session.Bandwidths.Count(), session.GetHashCode());
        foreach (var media in session.Media)
        {
            _ = (media.Codecs.Count(), media.Candidates.Count(), media.Alternatives.Count(), media.PacketTime, media.Rtcp, session.DirectionOf(media));
        }

        OfferAnswer.TryAnswer(session, new() { Rtp = new(IPAddress.Loopback, 4000) }, null, out _, out _);
        OfferAnswer.TryRead(session, session, out _, out _);
        OfferAnswer.Offer(new() { Rtp = new(IPAddress.IPv6Loopback, 4000) }, session);
    }
}

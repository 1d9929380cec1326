// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// What captured packets say: the ladder of SIP messages over UDP and TCP, and the media per direction and IP version. A frame counts where its sender sent it;
/// what a router forwarded is not counted again.
/// </summary>
internal sealed class Observation(NetworkPlan plan, long begun) : IDisposable
{
    private const int NanosecondsPerTick = 100;
    private const int DnsPort = 53;
    private const int RtcpHeader = 8;

    private readonly Fragments _fragments = new();
    private readonly Dictionary<(IPEndPoint, IPEndPoint), TcpStream> _streams = [];
    private readonly Dictionary<(string From, string To, IpVersion Version), MediaFlow> _media = [];
    private readonly HashSet<(string Host, IpVersion Version)> _spoke = [];

    /// <summary>The SIP messages, and the questions to DNS as remarks.</summary>
    public Ladder Ladder { get; } = new(TimeProvider.System);

    /// <summary>The media, in the order in which it began.</summary>
    public IReadOnlyCollection<MediaFlow> Media => _media.Values;

    /// <summary>Which hosts sent IP packets of which version.</summary>
    public IReadOnlySet<(string Host, IpVersion Version)> Spoke => _spoke;

    /// <summary>Takes a packet. A host's own, as captured where it was sent, or any other.</summary>
    public void Add(in CapturedPacket packet)
    {
        if (plan.SenderOf(packet.Frame.Span) is not { } host || !IpPacket.TryRead(packet.Frame, out IpPacket ip))
        {
            return;
        }

        IpVersion version = ip.Source.Version;
        _spoke.Add((host, version));
        if (!_fragments.TryComplete(ip, out IpPacket whole) || !Carried.TryRead(whole, out Carried carried) || (carried.Payload.IsEmpty && !carried.Opens))
        {
            return;
        }

        TimeSpan at = TimeSpan.FromTicks((packet.Time - begun) / NanosecondsPerTick);
        string to = plan.OwnerOf(whole.Destination) ?? "?";
        if (carried.IsTcp)
        {
            foreach (byte[] message in StreamOf(carried).Push(carried))
            {
                Ladder.Sent(at, host, to, version, SipTransport.Tcp, message);
            }

            return;
        }

        AddDatagram(at, host, to, version, carried);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TcpStream stream in _streams.Values)
        {
            stream.Dispose();
        }

        foreach (MediaFlow flow in _media.Values)
        {
            flow.Dispose();
        }
    }

    private void AddDatagram(TimeSpan at, string host, string to, IpVersion version, in Carried carried)
    {
        ReadOnlySpan<byte> payload = carried.Payload.Span;
        if (carried.Destination.Port == DnsPort)
        {
            if (DnsMessage.TryRead(payload, out DnsMessage? question))
            {
                string asks = $"asks {to} by {version.DisplayName}: {question.Type} {question.Name}";
                bool isNameServer = plan.DomainOf(host) is { } domain && domain.NameServer == host;
                Ladder.Note(isNameServer ? plan.DomainOf(host)!.Server : host, isNameServer ? $"{host} {asks}" : asks, at); // it has no line of its own on the ladder
            }
        }
        else if (carried.Source.Port == DnsPort || payload.IsEmpty)
        {
            return; // the answer is seen in what is done with it
        }
        else if (payload.Length >= RtcpHeader && payload[0] >> 6 == 2)
        {
            MediaOf(host, to, version).Add(at, payload); // version 2 of RTP and RTCP; no SIP message begins so
        }
        else
        {
            Ladder.Sent(at, host, to, version, SipTransport.Udp, payload);
        }
    }

    private TcpStream StreamOf(in Carried segment)
    {
        (IPEndPoint, IPEndPoint) key = (segment.Source, segment.Destination);
        if (!_streams.TryGetValue(key, out TcpStream? stream))
        {
            _streams[key] = stream = new TcpStream();
        }

        return stream;
    }

    private MediaFlow MediaOf(string from, string to, IpVersion version)
    {
        if (!_media.TryGetValue((from, to, version), out MediaFlow? flow))
        {
            _media[(from, to, version)] = flow = new MediaFlow(from, to, version);
        }

        return flow;
    }
}

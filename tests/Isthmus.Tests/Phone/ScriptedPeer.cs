// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Phone;

/// <summary>Somebody at the other end who sends and receives by hand. What comes again unchanged is left out.</summary>
internal sealed class ScriptedPeer : IDatagramReceiver, IDisposable
{
    private readonly Channel<(SipMessage Message, IPEndPoint From)> _received = Channel.CreateUnbounded<(SipMessage, IPEndPoint)>();
    private readonly HashSet<string> _seen = [];
    private readonly IDatagramSocket _socket;
    private int _branch;

    /// <param name="host">A simulated host, or this one.</param>
    /// <param name="address">One of its addresses.</param>
    /// <param name="port">0: any free one.</param>
    public ScriptedPeer(INetwork host, string address, int port = PhoneScene.Port)
    {
        _socket = host.BindDatagram(new IPEndPoint(IPAddress.Parse(address), port), this);
        EndPoint = _socket.LocalEndPoint;
    }

    public IPEndPoint EndPoint { get; }

    public string HostPort => Isthmus.Sip.HostPort.From(EndPoint).ToString();

    /// <summary>Whether messages that come again are delivered too.</summary>
    public bool HearsRepetitions { get; set; }

    /// <summary>Where the last message came from.</summary>
    public IPEndPoint Last { get; private set; } = new(IPAddress.Any, 0);

    public static SessionText Audio(string address, int port = 40000, string direction = "sendrecv", string formats = "0 8 101") => new(address, port, direction, formats);

    public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
    {
        if (payload.Length > 4 && (_seen.Add(Encoding.UTF8.GetString(payload)) || HearsRepetitions) && SipParser.Parse(payload) is { Message: { } message })
        {
            _received.Writer.TryWrite((message, remote));
        }
    }

    public void Unreachable(IPEndPoint remote, SocketError error)
    {
    }

    public async Task<SipRequest> Request(SipMethod method)
    {
        var request = Assert.IsType<SipRequest>(await Next());
        Assert.Equal(method, request.Method);
        return request;
    }

    public async Task<SipResponse> Response(int status)
    {
        while (true)
        {
            var response = Assert.IsType<SipResponse>(await Next());
            if (response.StatusCode != 100)
            {
                Assert.Equal(status, response.StatusCode);
                return response;
            }
        }
    }

    public async Task<SipMessage> Next(CancellationToken cancellation = default)
    {
        var (message, from) = await _received.Reader.ReadAsync(cancellation);
        Last = from;
        return message;
    }

    public bool HasMore => _received.Reader.Count > 0;

    public void Send(SipMessage message) => Send(message, Last);

    public void Send(SipMessage message, IPEndPoint to) => _socket.Send(message.Bytes.Span, to, null);

    /// <summary>Sends to the dual-stack phone, by IPv4.</summary>
    public void Send(SipMessage message, PhoneScene scene) => Send(message, new IPEndPoint(scene.T5.Addresses[0], PhoneScene.Port));

    public void SendText(string text, IPEndPoint to) => _socket.Send(Encoding.UTF8.GetBytes(text), to, null);

    /// <summary>An answer with our tag, and where it needs one a Contact.</summary>
    public ResponseBuilder Answer(SipRequest request, int status, string tag = "peer") =>
        request.Answer(status, null, status == 100 ? null : tag).Contact(new NameAddr(SipUri.Create("peer", Isthmus.Sip.HostPort.From(EndPoint))));

    public void Respond(SipRequest request, int status, SessionText? body = null, string tag = "peer")
    {
        var answer = Answer(request, status, tag);
        if (body is not null)
        {
            answer.Body("application/sdp", body.Bytes);
        }

        Send(answer.Build());
    }

    /// <summary>A request outside a dialog, or in one if a tag of the other side is given.</summary>
    public RequestBuilder NewRequest(SipMethod method, string uri, string callId, uint sequence, string? toTag = null, string fromTag = "caller")
    {
        Assert.True(AnyUri.TryParse(uri, out var target));
        var to = new NameAddr(target);
        return new RequestBuilder(method, target)
            .Via(new Via(SipTransport.Udp, Isthmus.Sip.HostPort.From(EndPoint), $"z9hG4bKpeer{++_branch}"))
            .MaxForwards(70)
            .From(new NameAddr(SipUri.Create("peer", Isthmus.Sip.HostPort.From(EndPoint))).With("tag", fromTag))
            .To(toTag is null ? to : to.With("tag", toTag))
            .CallId(callId).CSeq(sequence)
            .Contact(new NameAddr(SipUri.Create("peer", Isthmus.Sip.HostPort.From(EndPoint))));
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>A session description with one audio line.</summary>
    internal sealed record SessionText(string Address, int Port, string Direction, string Formats)
    {
        public byte[] Bytes
        {
            get
            {
                var type = Address.Contains(':', StringComparison.Ordinal) ? "IP6" : "IP4";
                return Encoding.UTF8.GetBytes(string.Join("\r\n", (string[])[
                    "v=0", $"o=- 1 1 IN {type} {Address}", "s=-", $"c=IN {type} {Address}", "t=0 0",
                    $"m=audio {Port} RTP/AVP {Formats}", "a=rtpmap:101 telephone-event/8000", $"a={Direction}", ""]));
            }
        }
    }
}

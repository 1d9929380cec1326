// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// A SIP terminal of the lab itself, on one IP version and transport: it sends requests to its server and says what is answered. It repeats over UDP what
/// nobody has answered (RFC 3261 §17.1).
/// </summary>
internal sealed class CallingAgent : IAsyncDisposable
{
    private static readonly TimeSpan T1 = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket;
    private readonly string _address;
    private readonly AgentAnswers _answers;
    private readonly Channel<SipResponse> _heard = Channel.CreateUnbounded<SipResponse>();
    private readonly Task _reading;
    private uint _sequence;

    private CallingAgent(Socket socket, string address, AgentAnswers answers)
    {
        _answers = answers;
        _socket = socket;
        _address = address;
        _reading = ReadAsync();
    }

    private bool IsTcp => _socket.SocketType == SocketType.Stream;

    private SipTransport Transport => IsTcp ? SipTransport.Tcp : SipTransport.Udp;

    /// <summary>Opens it on a host.</summary>
    /// <param name="inside">The host.</param>
    /// <param name="server">Its server.</param>
    /// <param name="transport">UDP or TCP.</param>
    /// <param name="address">Its address-of-record, a SIP URI.</param>
    /// <param name="answers">What it says to requests that come by the same way.</param>
    public static CallingAgent Open(NetworkNamespace inside, IPEndPoint server, SipTransport transport, string address, AgentAnswers? answers = null) => new(
        inside.Run(() =>
        {
            var socket = transport == SipTransport.Tcp
                ? new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
                : new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(server);
            return socket;
        }),
        address,
        answers ?? new AgentAnswers());

    /// <summary>Registers a Contact, a SIP URI; itself when it is null. False when that fails.</summary>
    public async Task<bool> RegisterAsync(TimeSpan within, CancellationToken cancellation, string? contact = null) =>
        await AskAsync(SipMethod.Register, $"sip:{_address[(_address.IndexOf('@', StringComparison.Ordinal) + 1)..]}", _address, within, cancellation, contact) is { StatusCode: 200 };

    /// <summary>Sends a request that is no INVITE; its final answer, null when there is none in time.</summary>
    public Task<SipResponse?> AskAsync(SipMethod method, string uri, TimeSpan within, CancellationToken cancellation) => AskAsync(method, uri, uri, within, cancellation);

    /// <summary>Sends a request that <see cref="Begin"/> began; its final answer, null when there is none in time.</summary>
    public Task<SipResponse?> AskAsync(SipRequest request, TimeSpan within, CancellationToken cancellation) => SendAsync(request, response => response.IsFinal, within, cancellation);

    /// <summary>A request with all that every request needs, and the next number (CSeq).</summary>
    /// <param name="method">The method.</param>
    /// <param name="uri">The Request-URI.</param>
    /// <param name="to">The value of To.</param>
    /// <param name="callId">The Call-ID.</param>
    /// <param name="contact">The Contact, a SIP URI; itself when it is null.</param>
    public RequestBuilder Begin(SipMethod method, string uri, string to, string callId, string? contact = null) => Numbered(method, uri, to, ++_sequence, callId, contact);

    /// <summary>Calls; ends the call as soon as it rings.</summary>
    /// <param name="uri">Who is called.</param>
    /// <param name="within">How long its answer is waited for.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="heard">Is told of the answer when it comes; what is returned comes at the end of the call.</param>
    /// <returns>The number (CSeq) and the Call-ID of the call, and the first answer above 100; null when there is none in time.</returns>
    public async Task<(uint Sequence, string CallId, SipResponse? Answer)> RingAsync(string uri, TimeSpan within, CancellationToken cancellation, Action<SipResponse>? heard = null)
    {
        SipRequest invite = Request(SipMethod.Invite, uri, uri, ++_sequence, Guid.NewGuid().ToString("N"));
        SipResponse? answer = await SendAsync(invite, response => response.StatusCode > 100, within, cancellation);
        if (answer is not null)
        {
            heard?.Invoke(answer);
        }

        if (answer is not { IsFinal: true })
        {
            SipResponse? final = await SendAsync(Copy(invite, SipMethod.Cancel, null), response => response.CSeqMethod == SipMethod.Invite && response.IsFinal, within, cancellation);
            Acknowledge(final);
        }
        else
        {
            Acknowledge(answer);
        }

        return (invite.CSeqNumber, invite.CallId, answer);

        void Acknowledge(SipResponse? final)
        {
            if (final is not null)
            {
                _socket.Send(Copy(invite, SipMethod.Ack, final).Span);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private Task<SipResponse?> AskAsync(SipMethod method, string uri, string to, TimeSpan within, CancellationToken cancellation, string? contact = null) =>
        SendAsync(Request(method, uri, to, ++_sequence, Guid.NewGuid().ToString("N"), contact), response => response.IsFinal, within, cancellation);

    private async Task<SipResponse?> SendAsync(SipRequest request, Func<SipResponse, bool> isIt, TimeSpan within, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within);
        _socket.Send(request.Span);
        TimeSpan patience = T1;
        try
        {
            while (true)
            {
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
                pause.CancelAfter(patience);
                try
                {
                    SipResponse response = await _heard.Reader.ReadAsync(pause.Token);
                    if (response.CSeqNumber == request.CSeqNumber)
                    {
                        patience = within; // it has been heard
                        if (isIt(response))
                        {
                            return response;
                        }
                    }
                }
                catch (OperationCanceledException) when (!limit.IsCancellationRequested)
                {
                    patience *= 2;
                    if (!IsTcp)
                    {
                        _socket.Send(request.Span);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is ChannelClosedException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private SipRequest Request(SipMethod method, string uri, string to, uint sequence, string callId, string? contact = null)
    {
        RequestBuilder builder = Numbered(method, uri, $"<{to}>", sequence, callId, contact);
        return (method == SipMethod.Invite ? builder.Body("application/sdp", Encoding.ASCII.GetBytes(Offer(((IPEndPoint)_socket.LocalEndPoint!).Address))) : builder).Build();
    }

    private RequestBuilder Numbered(SipMethod method, string uri, string to, uint sequence, string callId, string? contact)
    {
        var local = (IPEndPoint)_socket.LocalEndPoint!;
        RequestBuilder builder = new RequestBuilder(method, uri)
            .Header(HeaderName.Via, $"SIP/2.0/{(IsTcp ? "TCP" : "UDP")} {local};rport;branch=z9hG4bK-lab-{sequence}")
            .MaxForwards()
            .Header(HeaderName.From, $"<{_address}>;tag=lab-{local.Port}")
            .Header(HeaderName.To, to)
            .CallId(callId)
            .CSeq(sequence);
        if (method == SipMethod.Subscribe || method == SipMethod.Publish)
        {
            builder.Header(HeaderName.Event, "presence");
        }

        return method == SipMethod.Message || method == SipMethod.Publish // RFC 3428 §4, RFC 3903 §4: they begin no dialog
            ? builder
            : builder.Header(HeaderName.Contact, $"<{contact ?? $"sip:lab@{local};transport={Transport.UriToken}"}>");
    }

    // Sound on the version by which the call is made.
    private static string Offer(IPAddress local)
    {
        string connection = $"{local.Version.AddressType} {local}";
        return $"v=0\r\no=- 1 1 IN {connection}\r\ns=-\r\nc=IN {connection}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n";
    }

    // CANCEL and ACK of a refusal: Request-URI, Via, Call-ID and CSeq number of the INVITE (RFC 3261 §9.1, §17.1.1.3).
    private static SipRequest Copy(SipRequest invite, SipMethod method, SipResponse? answer) => new RequestBuilder(method, invite.RequestUriText)
        .Via(invite.TopVia)
        .MaxForwards()
        .From(invite.From)
        .To(answer?.To ?? invite.To)
        .CallId(invite.CallId)
        .CSeq(invite.CSeqNumber)
        .Build();

    private async Task ReadAsync()
    {
        await (IsTcp ? SocketReading.StreamAsync(_socket, Hear) : SocketReading.DatagramsAsync(_socket, Hear));
        _heard.Writer.TryComplete();
    }

    private void Hear(ReadOnlySpan<byte> bytes)
    {
        if (SipParser.Parse(bytes).Message is SipResponse response)
        {
            _heard.Writer.TryWrite(response);
        }
        else
        {
            _answers.Take(bytes, answer => _socket.Send(answer.Span));
        }
    }
}

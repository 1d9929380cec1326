// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>A transport layer whose user writes down what comes.</summary>
internal sealed class TransportEnd : Heard, ITransportUser, IDisposable
{
    private readonly TimerWheel _timers;

    public TransportEnd(INetwork network, TimeProvider time, TransportOptions options)
    {
        _timers = new TimerWheel(time);
        Layer = new TransportLayer(options, network, _timers, time, new MessagePool(), Counters, NullLogger.Instance);
        Result = Layer.Start(this);
    }

    public TransportLayer Layer { get; }

    public ListenResult Result { get; }

    public StackCounters Counters { get; } = new();

    public List<IReadOnlyList<Listener>> Opened { get; } = [];

    public List<ReceivedRequest> Requests { get; } = [];

    public List<ReceivedResponse> Responses { get; } = [];

    public List<(SipFault Fault, bool Answered)> Malformed { get; } = [];

    public List<(Flow Flow, SocketError? Reason)> ClosedFlows { get; } = [];

    public List<(Sending Sent, SocketError? Error)> Failures { get; } = [];

    public List<Sending> Changes { get; } = [];

    /// <summary>What is done with each request beside writing it down.</summary>
    public Action<ReceivedRequest>? Answering { get; set; }

    public static ListenerOptions Udp(string address, int port = 5060) => new() { Transport = SipTransport.Udp, Address = IPAddress.Parse(address), Port = port };

    public static ListenerOptions Tcp(string address, int port = 5060) => new() { Transport = SipTransport.Tcp, Address = IPAddress.Parse(address), Port = port };

    public static SipRequest Options(int padding = 0, string callId = "a84b4c76e66710") =>
        new RequestBuilder(SipMethod.Options, "sip:bob@example.com")
            .From(Address("<sip:alice@example.com>;tag=1928301774")).To(Address("<sip:bob@example.com>")).CallId(callId).CSeq(63104).MaxForwards(70)
            .Header("Subject", new string('x', padding)).Build();

    /// <summary>A request as another program writes it, with a Via of its own.</summary>
    public static string Raw(string via, string method = "OPTIONS", string extra = "Content-Length: 0\r\n") =>
        $"{method} sip:bob@example.com SIP/2.0\r\nVia: {via}\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\n"
        + $"Call-ID: raw\r\nCSeq: 1 {method}\r\n{extra}\r\n";

    public Sending Send(SipRequest request, string to, SipTransport transport = SipTransport.Udp, Flow? flow = null, string branch = "z9hG4bKtest")
    {
        var sending = new Sending(this);
        Layer.Prepare(sending, MessageEdit.Of(request), new Target(transport, IPEndPoint.Parse(to), flow), Encoding.ASCII.GetBytes(branch[Via.MagicCookie.Length..]));
        Layer.Dispatch(sending);
        return sending;
    }

    public Sending Answer(SipResponse response, Flow? cameBy)
    {
        var sending = new Sending(this) { Sent = response, Path = Layer.Paths.Back(response.TopViaView, cameBy) };
        Layer.Dispatch(sending);
        return sending;
    }

    public void OnListening(IReadOnlyList<Listener> listeners) => Opened.Add(listeners);

    public void OnRequest(SipRequest request, Flow flow)
    {
        var received = new ReceivedRequest(request, flow);
        Change(() => Requests.Add(received));
        Answering?.Invoke(received);
    }

    public void OnResponse(SipResponse response, Flow flow) => Change(() => Responses.Add(new(response, flow)));

    public void OnMalformed(Flow flow, SipMessage? message, SipFault fault, bool answered) => Change(() => Malformed.Add((fault, answered)));

    public void OnFlowClosed(Flow flow, SocketError? reason) => Change(() => ClosedFlows.Add((flow, reason)));

    public void AnswerAll(int status = 200) =>
        Answering = request => Answer(request.Message.Answer(status, null, "answer").Build(), request.Flow);

    public void Dispose()
    {
        Layer.Dispose();
        _timers.Dispose();
    }

    private static NameAddr Address(string text) => NameAddr.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    /// <summary>A message on its way, whose failures are written down.</summary>
    internal sealed class Sending(TransportEnd end) : Outgoing
    {
        public Flow? Flow => Path;

        public void Resend() => end.Layer.Resend(this);

        internal override void OnFailed(SocketError? error)
        {
            if (end.Layer.TryFallBack(this))
            {
                end.Change(() => end.Changes.Add(this));
                end.Layer.Dispatch(this);
            }
            else
            {
                end.Change(() => end.Failures.Add((this, error)));
            }
        }
    }
}

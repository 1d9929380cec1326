// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>A transport layer whose user writes down what comes.</summary>
internal sealed class TransportEnd : Heard, ITransportUser, ISendObserver, IDisposable
{
    private readonly TimerWheel _timers;

    public TransportEnd(INetwork network, TimeProvider time, TransportOptions options)
    {
        _timers = new TimerWheel(time);
        Layer = new TransportLayer(options, network, _timers, time, Counters, NullLogger.Instance);
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

    public List<(Outgoing Sent, SocketError? Error)> Failures { get; } = [];

    public List<Outgoing> Changes { get; } = [];

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

    public Outgoing Send(SipRequest request, string to, SipTransport transport = SipTransport.Udp, Flow? flow = null, string branch = "z9hG4bKtest") =>
        Layer.Send(request, branch, new Target(transport, IPEndPoint.Parse(to), flow), this);

    public void OnListening(IReadOnlyList<Listener> listeners) => Opened.Add(listeners);

    public void OnRequest(ReceivedRequest request)
    {
        Change(() => Requests.Add(request));
        Answering?.Invoke(request);
    }

    public void OnResponse(ReceivedResponse response) => Change(() => Responses.Add(response));

    public void OnMalformed(Flow flow, SipMessage? message, SipFault fault, bool answered) => Change(() => Malformed.Add((fault, answered)));

    public void OnFlowClosed(Flow flow, SocketError? reason) => Change(() => ClosedFlows.Add((flow, reason)));

    public void OnPathChanged(Outgoing sent) => Change(() => Changes.Add(sent));

    public void OnFailed(Outgoing sent, SocketError? error) => Change(() => Failures.Add((sent, error)));

    public void AnswerAll(int status = 200) =>
        Answering = request => Layer.Send(request.Message.Answer(status, null, "answer").Build(), request.Flow, this);

    public void Dispose()
    {
        Layer.Dispose();
        _timers.Dispose();
    }

    private static NameAddr Address(string text) => NameAddr.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}

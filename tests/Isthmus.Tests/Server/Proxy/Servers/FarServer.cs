// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Server;

/// <summary>A server of another domain, on our stack, so that it knows repetitions as RFC 3261 §17.2.3 says: it notes what it is asked, and a test answers.</summary>
internal sealed class FarServer : ITransactionUser, IDisposable
{
    public const int Port = 5060;

    private readonly SipStack _stack;

    public FarServer(World world, string name, params string[] addresses)
    {
        (Name, Addresses) = (name, [.. addresses.Select(IPAddress.Parse)]);
        Host = world.Network.Host(name, addresses);
        _stack = new SipStack(
            new SipStackOptions
            {
                Transport = new TransportOptions
                {
                    Listeners =
                    [
                        .. from address in Addresses
                           from transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
                           select new ListenerOptions { Transport = transport, Address = address, Port = Port },
                    ],
                },
                Times = TransactionTimes.Default with { TryingAfter = TimeSpan.FromHours(1) },
            },
            Host,
            world.Time,
            NullLoggerFactory.Instance);
        Assert.Empty(_stack.Start(this).Faults);
    }

    public string Name { get; }

    public IReadOnlyList<IPAddress> Addresses { get; }

    public MemoryHost Host { get; }

    /// <summary>What it does with a request; null: it notes it.</summary>
    public Action<ServerTransaction>? Serve { get; set; }

    /// <summary>Whether OPTIONS have an answer.</summary>
    public bool AnswersOptions { get; set; } = true;

    /// <summary>Whether an INVITE has a 100 at once, as proxies do (RFC 3261 §16.2).</summary>
    public bool SaysTrying { get; set; }

    /// <summary>The requests, OPTIONS left out: each once, however often it came.</summary>
    public List<ServerTransaction> Requests { get; } = [];

    public int Options { get; private set; }

    public int Cancels { get; private set; }

    public int Acks { get; private set; }

    public int Invites => Requests.Count(request => request.Method == SipMethod.Invite);

    /// <summary>How it is found: each of its addresses, of one SRV priority.</summary>
    public IEnumerable<LocatedTarget> At(SipTransport transport, int group = 0) =>
        Addresses.Select(address => new LocatedTarget(transport, new IPEndPoint(address, Port), Name, group, TimeSpan.MaxValue));

    public static void Answer(ServerTransaction request, int status, string body = "", string? retryAfter = null)
    {
        ResponseBuilder answer = request.Request.Message.Answer(status, toTag: status > 100 ? "far" : null);
        answer = retryAfter is null ? answer : answer.Header(HeaderName.RetryAfter, retryAfter);
        foreach (NameAddr route in status is > 100 and < 300 ? request.Request.Message.RecordRoutes : [])
        {
            answer = answer.Header(HeaderName.RecordRoute, route.ToString());
        }

        if (status is >= 200 and < 300)
        {
            answer = answer.Header(HeaderName.Contact, $"<sip:far@{request.Request.Flow.Local}>").Body("application/sdp", System.Text.Encoding.UTF8.GetBytes(body));
        }

        request.Respond(answer.Build());
    }

    public bool TakesWithoutState(ReceivedRequest request) => request.Message.Method == SipMethod.Options && !AnswersOptions;

    public void OnRequest(ServerTransaction transaction)
    {
        if (transaction.Method == SipMethod.Options)
        {
            Options++;
            Answer(transaction, 200);

            return;
        }

        Requests.Add(transaction);
        if (SaysTrying && transaction.Method == SipMethod.Invite)
        {
            Answer(transaction, 100);
        }

        Serve?.Invoke(transaction);
    }

    public void OnAck(ReceivedRequest ack) => Acks++;

    public void OnCancel(ServerTransaction invite, ReceivedRequest cancel)
    {
        Cancels++;
        Answer(invite, 487);
    }

    public void OnResponse(ReceivedResponse stray)
    {
    }

    public void Dispose() => _stack.DisposeAsync().AsTask().GetAwaiter().GetResult();
}

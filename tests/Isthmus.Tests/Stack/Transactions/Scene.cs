// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>A world with stacks and bare sockets, and short words for what tests do with them.</summary>
internal sealed class Scene : IDisposable
{
    public const int Port = 5060;

    private readonly World _world;
    private readonly List<SipStack> _stacks = [];
    private int _calls;

    public Scene(int seed = 1) => _world = new World(seed);

    public MemoryNetwork Network => _world.Network;

    public TimeProvider Time => _world.Time;

    public LinkFaults Faults => _world.Network.Faults;

    public void Advance(double milliseconds) => _world.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    public void Run(Func<Task> scenario) => _world.Run(scenario);

    /// <summary>A started stack that listens for UDP and TCP on one address.</summary>
    public SipStack Stack(string address, ITransactionUser user, SipStackOptions? options = null) => Stack([address], user, options);

    /// <summary>A started stack that listens for UDP and TCP on several addresses.</summary>
    public SipStack Stack(string[] addresses, ITransactionUser user, SipStackOptions? options = null)
    {
        options = (options ?? new()) with
        {
            Transport = new()
            {
                Listeners =
                [
                    .. from address in addresses
                       from transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
                       select new ListenerOptions { Transport = transport, Address = IPAddress.Parse(address), Port = Port },
                ],
            },
        };
        var stack = new SipStack(options, Network.Host(addresses[0], addresses), _world.Time, NullLoggerFactory.Instance);
        _stacks.Add(stack);
        Assert.Equal(addresses.Length * 2, stack.Start(user).Listeners.Count);
        return stack;
    }

    /// <summary>A bare UDP socket.</summary>
    public Peer Peer(string address) => new(Network.Host(address, address), new IPEndPoint(IPAddress.Parse(address), Port));

    public static Target To(string address, SipTransport transport = SipTransport.Udp) => new(transport, new IPEndPoint(IPAddress.Parse(address), Port));

    /// <summary>A request as a user of the stack writes it, without Via.</summary>
    public SipRequest Request(SipMethod method, string? callId = null, uint cseq = 1)
    {
        Assert.True(NameAddr.TryParse("<sip:bob@example.com>", out var bob));
        Assert.True(NameAddr.TryParse("\"Alice\" <sip:alice@example.com>;tag=a1", out var alice));
        return new RequestBuilder(method, "sip:bob@example.com")
            .MaxForwards().From(alice).To(bob).CallId(callId ?? $"call-{++_calls}").CSeq(cseq).Build();
    }

    /// <summary>Everything of the stacks is gone a minute after the last event.</summary>
    public void AssertNothingLeft()
    {
        Advance(70_000);
        foreach (var stack in _stacks)
        {
            Assert.Equal(0, stack.Snapshot.ServerTransactions);
            Assert.Equal(0, stack.Snapshot.ClientTransactions);
            Assert.Equal(0, stack.Snapshot.Pending);
            Assert.Equal(0, stack.Snapshot.Waiting);
            Assert.Equal(0, stack.TransactionCounters.UserFaults);
        }

        // Connections wait for more to do; then they close, and so does the last timer.
        Advance(700_000);
        Assert.All(_stacks, stack => Assert.Equal(0, stack.Snapshot.Connections));
        Assert.All(_stacks, stack => Assert.Equal(0, stack.Snapshot.Timers));
    }

    public void Dispose()
    {
        foreach (var stack in _stacks)
        {
            stack.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        _world.Dispose();
    }
}

/// <summary>A bare socket that sends and hears SIP without any rules.</summary>
internal sealed class Peer : IDatagramReceiver
{
    private readonly IDatagramSocket _socket;

    public Peer(MemoryHost host, IPEndPoint local)
    {
        LocalEndPoint = local;
        _socket = host.BindDatagram(local, this);
    }

    public IPEndPoint LocalEndPoint { get; }

    public List<SipMessage> Messages { get; } = [];

    /// <summary>The start lines without what never changes: <c>INVITE</c>, <c>200</c>.</summary>
    public IEnumerable<string> Lines => Messages.Select(message => message is SipRequest request ? request.Method.Name : $"{((SipResponse)message).StatusCode}");

    public SipRequest LastRequest => Messages.OfType<SipRequest>().Last();

    public SipResponse LastResponse => Messages.OfType<SipResponse>().Last();

    public void Send(SipMessage message, string to) => _socket.Send(message.Bytes.Span, new IPEndPoint(IPAddress.Parse(to), Scene.Port), null);

    public void Send(string message, string to) => _socket.Send(Encoding.UTF8.GetBytes(message), new IPEndPoint(IPAddress.Parse(to), Scene.Port), null);

    /// <summary>A request as it comes over the wire, with this peer's Via.</summary>
    public SipRequest WithVia(SipRequest request, string branch = "z9hG4bKpeer1") =>
        MessageEdit.Of(request).Prepend(HeaderName.Via, $"SIP/2.0/UDP {HostPort.From(LocalEndPoint)};branch={branch};rport").BuildRequest();

    public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
    {
        var result = SipParser.Parse(payload);
        Assert.Equal(ParseOutcome.Ok, result.Outcome);
        Messages.Add(result.Message!);
    }

    public void Unreachable(IPEndPoint remote, System.Net.Sockets.SocketError error)
    {
    }
}

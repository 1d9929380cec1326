// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Sip;

namespace Isthmus.Steady;

/// <summary>A server between a caller and many callees, and what its work costs. One thread does everything.</summary>
internal sealed class Bed : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private readonly IsthmusServer _server;
    private readonly DirectNetwork _network;
    private readonly SteppedTime _time;
    private readonly IPEndPoint _local = new(IPAddress.Loopback, 5060);
    private readonly IPEndPoint _caller = new(IPAddress.Loopback, 5070);
    private readonly IPEndPoint _callee = new(IPAddress.Loopback, 5080);

    private Bed(IsthmusServer server, DirectNetwork network, SteppedTime time, int users) => (_server, _network, _time, Users) = (server, network, time, users);

    /// <summary>How many users are registered.</summary>
    public int Users { get; }

    /// <summary>Time spent in the server, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Ticks { get; private set; }

    /// <summary>Messages that were delivered to the server.</summary>
    public long Delivered { get; private set; }

    /// <summary>Datagrams that the server sent.</summary>
    public long Sent { get; private set; }

    public static async Task<Bed> StartAsync(JudgeMethod judge, int users)
    {
        var network = new DirectNetwork();
        var time = new SteppedTime();
        ServerStart start = await IsthmusServer.StartAsync(
            ServerOptions.Default with
            {
                Listeners = [new() { Transport = SipTransport.Udp, Address = IPAddress.Loopback, Port = 5060 }],
                Domains = [new() { Name = "example.com" }],
                Judge = judge,
                Presence = new() { NotifyInterval = TimeSpan.Zero, BelievesEverybody = true },
                Limits = new() { Transactions = 1_000_000, Calls = 1_000_000, SubscriptionsPerUser = 1_000_000 },
            },
            network,
            time).ConfigureAwait(false);
        return new(start.Server ?? throw new InvalidOperationException(string.Join('\n', start.Problems)), network, time, users);
    }

    /// <summary>What the caller sends.</summary>
    public void FromCaller(ReadOnlySpan<byte> message) => Deliver(message, _caller);

    /// <summary>What a callee sends.</summary>
    public void FromCallee(ReadOnlySpan<byte> message) => Deliver(message, _callee);

    /// <summary>What the server sent, which must begin so.</summary>
    public ReadOnlySpan<byte> Expect(ReadOnlySpan<byte> begin)
    {
        Sent++;
        ReadOnlySpan<byte> sent = _network.Take();
        return sent.StartsWith(begin)
            ? sent
            : throw new InvalidOperationException($"Expected {System.Text.Encoding.UTF8.GetString(begin)}, the server sent:\n{System.Text.Encoding.UTF8.GetString(sent)}");
    }

    /// <summary>The next call begins: time goes on, and nothing of the last one may be left.</summary>
    public void NextCall()
    {
        long since = Stopwatch.GetTimestamp();
        _time.Advance(Step);
        Ticks += Stopwatch.GetTimestamp() - since;
        if (_network.Waiting > 0)
        {
            Expect("(nothing more)"u8);
        }
    }

    /// <summary>Forgets what was counted.</summary>
    public void Restart() => (Ticks, Delivered, Sent) = (0, 0, 0);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Deliver(ReadOnlySpan<byte> message, IPEndPoint from)
    {
        Delivered++;
        long since = Stopwatch.GetTimestamp();
        _network.Deliver(message, from, _local);
        Ticks += Stopwatch.GetTimestamp() - since;
    }
}

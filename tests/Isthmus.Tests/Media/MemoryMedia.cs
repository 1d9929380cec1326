// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Isthmus.Media;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Media;

/// <summary>
/// Media sockets in memory on fake time. <see cref="Fate"/> says for each datagram after which delays copies of it
/// arrive: none is a loss, two a duplicate.
/// </summary>
internal sealed class MemoryMedia(FakeTimeProvider time) : IMediaSockets
{
    private static readonly TimeSpan[] AtOnce = [TimeSpan.Zero];

    private readonly Dictionary<IPEndPoint, MemorySocket> _bound = [];
    private readonly PriorityQueue<(byte[] Payload, IPEndPoint From, IPEndPoint To), (long Due, long Number)> _underway = new();
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private long _number;
    private int _nextPort = 20000;

    public Func<IPEndPoint, byte[], TimeSpan[]> Fate { get; set; } = (_, _) => AtOnce;

    /// <summary>Where datagrams of a socket seem to come from, for translators.</summary>
    public Dictionary<IPEndPoint, IPEndPoint> Translations { get; } = [];

    public int OpenSockets => _bound.Count;

    public List<(IPEndPoint From, IPEndPoint To, byte[] Payload)> Sent { get; } = [];

    public static bool IsRtcp(byte[] datagram) => datagram[1] is >= 200 and <= 204;

    public bool TryOpenPair(IPAddress local, PortRange range, IMediaReceiver rtp, IMediaReceiver rtcp, [NotNullWhen(true)] out MediaSocketPair? pair)
    {
        pair = null;
        int count = range.IsAny ? 1 : range.PairCount;
        for (int i = 0; i < count; i++)
        {
            int port = range.IsAny ? _nextPort : range.RtpPort(i);
            if (range.IsAny)
                _nextPort += 2;
            if (_bound.ContainsKey(new IPEndPoint(local, port)))
                continue;
            pair = new MediaSocketPair(Bind(new IPEndPoint(local, port), rtp), Bind(new IPEndPoint(local, port + 1), rtcp));
            return true;
        }

        return false;
    }

    /// <summary>Time passes, and datagrams arrive, in steps of 5 ms.</summary>
    public void Run(TimeSpan duration)
    {
        for (TimeSpan done = TimeSpan.Zero; done < duration; done += TimeSpan.FromMilliseconds(5))
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            Deliver();
        }
    }

    public void Deliver()
    {
        while (_underway.TryPeek(out var datagram, out var order) && order.Due <= time.GetUtcNow().Ticks)
        {
            _underway.Dequeue();
            Inject(datagram.Payload, datagram.From, datagram.To);
        }
    }

    public void Inject(byte[] payload, IPEndPoint from, IPEndPoint to)
    {
        if (_bound.TryGetValue(to, out MemorySocket? socket))
            socket.Receiver.Received(payload, from);
    }

    public void TellUnreachable(IPEndPoint socket) => _bound[socket].Receiver.Unreachable(null, SocketError.ConnectionRefused);

    public TimeSpan Now => time.GetUtcNow() - _start;

    private MemorySocket Bind(IPEndPoint local, IMediaReceiver receiver)
    {
        MemorySocket socket = new(this, local, receiver);
        _bound.Add(local, socket);
        return socket;
    }

    private void Send(IPEndPoint from, byte[] payload, IPEndPoint to)
    {
        Sent.Add((from, to, payload));
        foreach (TimeSpan delay in Fate(from, payload))
            _underway.Enqueue((payload, Translations.GetValueOrDefault(from, from), to), ((time.GetUtcNow() + delay).Ticks, _number++));
    }

    private sealed class MemorySocket(MemoryMedia network, IPEndPoint local, IMediaReceiver receiver) : IMediaSocket
    {
        public IPEndPoint LocalEndPoint => local;

        public IMediaReceiver Receiver => receiver;

        public void Send(ReadOnlySpan<byte> payload, IPEndPoint remote)
        {
            if (network._bound.GetValueOrDefault(local) == this)
                network.Send(local, payload.ToArray(), remote);
        }

        public void Dispose()
        {
            if (network._bound.GetValueOrDefault(local) == this)
                network._bound.Remove(local);
        }
    }
}

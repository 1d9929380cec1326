// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>What comes in batches: of every length, from many senders, without garbage.</summary>
public sealed class LinuxDatagramTests
{
    private readonly SystemNetwork _network = new();

    private static IPEndPoint At(string text) => IPEndPoint.Parse(text);

    // 2112 bytes lie in the near part of a batch; what is longer is put together from two.
    [Theory]
    [InlineData("127.0.0.1:0", 65507)]
    [InlineData("[::1]:0", 65527)]
    public void Received_OfEveryLength_IsWhole(string bind, int longest)
    {
        int[] lengths = [0, 1, 2111, 2112, 2113, 4096, 65000, longest];
        var receiver = new Summing();
        using var server = _network.BindDatagram(At(bind), receiver);
        using var client = _network.BindDatagram(At(bind), new Summing());
        var random = new Random(20261123);
        var sums = new List<(int, long)>();
        foreach (var length in lengths)
        {
            var payload = new byte[length];
            random.NextBytes(payload);
            sums.Add((length, Summing.Of(payload)));
            Assert.Null(client.Send(payload, server.LocalEndPoint, null));
        }
        Assert.True(SpinWait.SpinUntil(() => receiver.Count == lengths.Length, TimeSpan.FromSeconds(20)));
        Assert.Equal(sums, receiver.Sums);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    public void Echo_InSteadyState_AllocatesNothing(string bind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Measured for the sockets of Linux.");
        var echo = new Echoing();
        using var server = echo.Socket = _network.BindDatagram(At(bind), echo);
        var from = server.LocalEndPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        var counting = new Summing();
        var elsewhere = new SystemNetwork(); // with threads of its own, whose garbage is not counted
        var clients = Enumerable.Range(0, 8).Select(_ => elsewhere.BindDatagram(new IPEndPoint(from, 0), counting)).ToList();
        var at = new IPEndPoint(from, server.LocalEndPoint.Port);
        void Round(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var before = counting.Count;
                clients.ForEach(client => client.Send("request"u8, at, null));
                Assert.True(SpinWait.SpinUntil(() => counting.Count == before + clients.Count, TimeSpan.FromSeconds(20)));
            }
        }
        Round(50); // until the caches know everybody
        var first = echo.Allocated;
        Round(100);
        Assert.InRange(echo.Allocated - first, 0, 4096); // 800 datagrams, which took 72 bytes each without the caches
        clients.ForEach(client => client.Dispose());
    }

    private sealed class Echoing : IDatagramReceiver
    {
        private long _allocated;

        public IDatagramSocket? Socket { get; set; }

        /// <summary>Bytes that the receiving thread has allocated so far.</summary>
        public long Allocated => Volatile.Read(ref _allocated);

        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
        {
            Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());
            Socket!.Send(payload, remote, Socket.LocalEndPoint.Address.Equals(localAddress) ? null : localAddress);
        }

        public void Unreachable(IPEndPoint remote, SocketError error)
        {
        }
    }

    private sealed class Summing : IDatagramReceiver
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public List<(int Length, long Sum)> Sums { get; } = [];

        public static long Of(ReadOnlySpan<byte> bytes)
        {
            var sum = 0L;
            foreach (var value in bytes)
            {
                sum = (sum * 31) + value;
            }
            return sum;
        }

        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
        {
            lock (Sums)
            {
                Sums.Add((payload.Length, Of(payload)));
            }
            Interlocked.Increment(ref _count);
        }

        public void Unreachable(IPEndPoint remote, SocketError error)
        {
        }
    }
}

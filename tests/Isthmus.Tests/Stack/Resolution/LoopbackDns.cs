// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Isthmus.Tests.Stack.Resolution;

/// <summary>A DNS server on a free port of a loopback address, by UDP and TCP, with the records that it is given as they are on the wire (RFC 1035 §4).</summary>
internal sealed class LoopbackDns : IDisposable
{
    public const ushort A = 1, Cname = 5, Soa = 6, Aaaa = 28, Srv = 33, Naptr = 35;

    private readonly ConcurrentDictionary<(string Name, ushort Type), List<(ushort Type, uint Ttl, byte[] Data)>> _records = new();
    private readonly Socket _udp;
    private readonly TcpListener _tcp;

    public LoopbackDns(IPAddress address)
    {
        (_udp, _tcp) = Bind(address);
        EndPoint = (IPEndPoint)_udp.LocalEndPoint!;
        _ = ServeUdpAsync();
        _ = ServeTcpAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Whether answers by UDP come truncated and empty.</summary>
    public bool Truncates { get; set; }

    /// <summary>Whether answers by UDP are about another name than the question.</summary>
    public bool Mistakes { get; set; }

    /// <summary>Whether answers by UDP are no DNS at all.</summary>
    public bool Babbles { get; set; }

    /// <summary>The code of each answer; 0: as it is.</summary>
    public int Code { get; set; }

    public int ByUdp { get; private set; }

    public int ByTcp { get; private set; }

    public LoopbackDns Add(string name, ushort type, byte[] data, uint ttl = 300, ushort? under = null)
    {
        _records.GetOrAdd((name, under ?? type), _ => []).Add((type, ttl, data));
        return this;
    }

    public LoopbackDns Address(string name, string address) => IPAddress.Parse(address).GetAddressBytes() is { Length: 4 } v4 ? Add(name, A, v4) : Add(name, Aaaa, IPAddress.Parse(address).GetAddressBytes());

    public static byte[] Service(ushort priority, ushort weight, ushort port, string target) => [.. Number(priority), .. Number(weight), .. Number(port), .. Labels(target)];

    public static byte[] Pointer(ushort order, ushort preference, string flags, string service, string expression, string replacement) =>
        [.. Number(order), .. Number(preference), .. Text(flags), .. Text(service), .. Text(expression), .. Labels(replacement)];

    public static byte[] Labels(string name) => [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(Text), 0];

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Number(uint value) => [.. Number((ushort)(value >> 16)), .. Number((ushort)value)];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    // A port that is free for both.
    private static (Socket Udp, TcpListener Tcp) Bind(IPAddress address)
    {
        for (int attempt = 0; ; attempt++)
        {
            var udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(address, 0));
            var tcp = new TcpListener((IPEndPoint)udp.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException) when (attempt < 100)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(_udp.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
                ByUdp++;
                var reply = Babbles ? [1, 2, 3] : Reply(buffer.AsSpan(0, received.ReceivedBytes), Truncates);
                if (Mistakes)
                {
                    reply[13] ^= 1;
                }
                await _udp.SendToAsync(reply, SocketFlags.None, received.RemoteEndPoint);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _tcp.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query);
                ByTcp++;
                var reply = Reply(query, truncate: false);
                await stream.WriteAsync((byte[])[.. Number((ushort)reply.Length), .. reply]);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private byte[] Reply(ReadOnlySpan<byte> query, bool truncate)
    {
        var labels = new List<string>();
        int at = 12;
        for (; query[at] != 0; at += query[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(query.Slice(at + 1, query[at])));
        }
        string name = string.Join('.', labels).ToLowerInvariant();
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(query[(at + 1)..]);
        var question = query[12..(at + 5)];
        var answers = truncate ? [] : _records.GetValueOrDefault((name, type), []);
        bool exists = _records.Keys.Any(key => key.Name == name || key.Name.EndsWith("." + name, StringComparison.Ordinal));
        int code = Code != 0 ? Code : exists ? 0 : 3;
        bool hasSoa = answers.Count == 0 && !truncate;
        byte[] header = [query[0], query[1], (byte)(truncate ? 0x87 : 0x85), (byte)(0x80 | code), 0, 1, .. Number((ushort)answers.Count), 0, (byte)(hasSoa ? 1 : 0), 0, 0];
        var body = answers.SelectMany(answer => (byte[])[0xC0, 12, .. Number(answer.Type), 0, 1, .. Number(answer.Ttl), .. Number((ushort)answer.Data.Length), .. answer.Data]);
        byte[] soa = [.. Labels("ns"), .. Labels("admin"), .. Number(1u), .. Number(2u), .. Number(3u), .. Number(4u), .. Number(77u)];
        byte[] authority = hasSoa ? [.. Labels("zone"), .. Number(Soa), 0, 1, .. Number(900u), .. Number((ushort)soa.Length), .. soa] : [];
        return [.. header, .. question, .. body, .. authority];
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// A DNS server of the lab itself that takes its time: every domain has one server by UDP, every name the addresses of one host, for a second only; names that
/// begin with <c>silent</c> are never answered.
/// </summary>
internal sealed class SlowNames : IAsyncDisposable
{
    private const int Port = 53;
    private const int Header = 12;
    private const int LargestQuestion = 512;
    private const uint Seconds = 1;
    private const string Service = "_sip._udp.";

    private readonly CancellationTokenSource _ended = new();
    private readonly IReadOnlyList<Socket> _sockets;
    private readonly IReadOnlyList<IPAddress> _addresses;
    private readonly TimeSpan _delay;
    private readonly TimeProvider _time;
    private readonly Task _reading;
    private int _asked;

    private SlowNames(IReadOnlyList<Socket> sockets, IReadOnlyList<IPAddress> addresses, TimeSpan delay, TimeProvider time)
    {
        (_sockets, _addresses, _delay, _time) = (sockets, addresses, delay, time);
        _reading = Task.WhenAll(sockets.Select(ReadAsync));
    }

    /// <summary>Questions so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Starts it on a host.</summary>
    /// <param name="inside">The namespace of the host.</param>
    /// <param name="host">The host.</param>
    /// <param name="server">Whom all names lead to.</param>
    /// <param name="delay">How long each answer takes.</param>
    /// <param name="time">The time.</param>
    public static SlowNames Start(NetworkNamespace inside, HostPlan host, HostPlan server, TimeSpan delay, TimeProvider time) => new(
        inside.Run(() => host.Addresses.Select(address =>
        {
            var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, Port));
            return socket;
        }).ToArray()),
        [.. server.Addresses],
        delay,
        time);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }

        await _reading;
        _ended.Dispose();
    }

    /// <summary>The answer to a question, as it is sent; null when there is none.</summary>
    internal static byte[]? Answer(ReadOnlySpan<byte> bytes, IReadOnlyList<IPAddress> addresses)
    {
        if (!DnsMessage.TryRead(bytes, out DnsMessage? question) || question.IsResponse || question.Name.Contains("silent", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[][] data = question.Type switch
        {
            DnsType.SRV when question.Name.StartsWith(Service, StringComparison.OrdinalIgnoreCase) => [ServiceData(question.Name[Service.Length..])],
            DnsType.A => [.. addresses.Where(address => address.Version == IpVersion.V4).Select(address => address.GetAddressBytes())],
            DnsType.AAAA => [.. addresses.Where(address => address.Version == IpVersion.V6).Select(address => address.GetAddressBytes())],
            _ => [],
        };
        int end = Header;
        _ = DnsMessage.TryName(bytes, ref end, out _);
        byte[] answer = [.. bytes[..(end + 4)], .. data.SelectMany(one => Record(question.Type, one))];
        answer[2] |= 0x84; // an authoritative answer
        answer[3] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), (ushort)data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), 0);
        return answer;
    }

    private static byte[] Record(DnsType type, byte[] data)
    {
        byte[] record = [0xc0, Header, 0, (byte)type, 0, 1, 0, 0, 0, (byte)Seconds, 0, (byte)data.Length, .. data];
        return record;
    }

    private static byte[] ServiceData(string domain)
    {
        byte[] data = [0, 10, 0, 50, ServerProgram.Port >> 8, ServerProgram.Port & 255, .. $"sip.{domain}".TrimEnd('.').Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
        return data;
    }

    private async Task ReadAsync(Socket socket)
    {
        byte[] buffer = new byte[LargestQuestion];
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, any, _ended.Token);
                Interlocked.Increment(ref _asked);
                if (Answer(buffer.AsSpan(0, received.ReceivedBytes), _addresses) is { } answer)
                {
                    _ = SendLaterAsync(socket, answer, received.RemoteEndPoint);
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Somebody is no longer there, or this ends.
            }
        }
    }

    private async Task SendLaterAsync(Socket socket, byte[] answer, EndPoint to)
    {
        try
        {
            await Task.Delay(_delay, _time, _ended.Token);
            socket.SendTo(answer, to);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // This ends.
        }
    }
}

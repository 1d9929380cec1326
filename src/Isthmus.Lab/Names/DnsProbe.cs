// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Isthmus.Lab;

/// <summary>Asks a DNS server one question over UDP, from inside a namespace.</summary>
internal static class DnsProbe
{
    private const int LargestAnswer = 4096;

    /// <summary>The answer; null when none comes in time.</summary>
    public static DnsMessage? Ask(NetworkNamespace inside, IPEndPoint server, string name, DnsType type, TimeSpan within) => inside.Run(() =>
    {
        var question = new DnsMessage((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue), name, type);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = (int)within.TotalMilliseconds;
        try
        {
            socket.Connect(server);
            socket.Send(question.ToQuery());
            byte[] answer = new byte[LargestAnswer];
            int length = socket.Receive(answer);
            return DnsMessage.TryRead(answer.AsSpan(0, length), out DnsMessage? message) && message.IsResponse && message.Id == question.Id ? message : null;
        }
        catch (SocketException)
        {
            return null; // nobody there yet
        }
    });
}

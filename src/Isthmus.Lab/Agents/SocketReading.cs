// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>Hears what comes to a connected socket, message by message, until it is closed.</summary>
internal static class SocketReading
{
    private const int LargestDatagram = 65536;

    /// <summary>Takes one message; its octets are valid until it returns.</summary>
    public delegate void Hear(ReadOnlySpan<byte> message);

    /// <summary>Datagrams. That nobody was there for the last one sent ends nothing.</summary>
    public static async Task DatagramsAsync(Socket socket, Hear hear)
    {
        byte[] buffer = new byte[LargestDatagram];
        while (true)
        {
            try
            {
                int length = await socket.ReceiveAsync(buffer);
                hear(buffer.AsSpan(0, length));
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // Nobody was there; the next attempt may find somebody.
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>The messages of a stream, without the pings between them.</summary>
    public static async Task StreamAsync(Socket connection, Hear hear, CancellationToken cancellation = default)
    {
        byte[] buffer = new byte[LargestDatagram];
        using var framer = new StreamFramer();
        try
        {
            while (await connection.ReceiveAsync(buffer, cancellation) is > 0 and var length)
            {
                framer.Push(buffer.AsSpan(0, length));
                while (framer.Pull(out ReadOnlySpan<byte> frame) is var kind and not (FrameKind.NeedMore or FrameKind.Broken))
                {
                    if (kind == FrameKind.Message)
                    {
                        hear(frame);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side went, or this ends.
        }
    }
}

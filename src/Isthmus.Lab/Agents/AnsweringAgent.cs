// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>The lab's own answers on all addresses of a host, by UDP and TCP.</summary>
internal sealed class AnsweringAgent : IAsyncDisposable
{
    private const int LargestDatagram = 65536;
    private const int Waiting = 128;

    private readonly CancellationTokenSource _ended = new();
    private readonly AgentAnswers _answers;
    private readonly ConcurrentBag<Socket> _connections = [];
    private readonly IReadOnlyList<Socket> _sockets;
    private readonly Task _reading;

    private AnsweringAgent(IReadOnlyList<Socket> sockets, AgentAnswers answers)
    {
        _answers = answers;
        _sockets = sockets;
        _reading = Task.WhenAll(sockets.Select(socket => socket.SocketType == SocketType.Dgram ? ReadDatagramsAsync(socket) : AcceptAsync(socket)));
    }

    /// <summary>Starts it on a host; it answers when this returns.</summary>
    public static AnsweringAgent Start(NetworkNamespace inside, HostPlan host, AgentAnswers answers) => new(
        inside.Run(() => host.Addresses.SelectMany(address => (Socket[])[Open(address, SocketType.Dgram), Open(address, SocketType.Stream)]).ToArray()),
        answers);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        foreach (Socket socket in _sockets.Concat(_connections))
        {
            socket.Dispose();
        }

        await _reading;
        _ended.Dispose();
    }

    private static Socket Open(IPAddress address, SocketType type)
    {
        var socket = new Socket(address.AddressFamily, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, ServerProgram.Port));
        if (type == SocketType.Stream)
        {
            socket.Listen(Waiting);
        }

        return socket;
    }

    private async Task ReadDatagramsAsync(Socket socket)
    {
        byte[] buffer = new byte[LargestDatagram];
        var from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, from, _ended.Token);
                _answers.Take(buffer.AsSpan(0, received.ReceivedBytes), answer => socket.SendTo(answer.Span, received.RemoteEndPoint));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Somebody is no longer there, or this ends.
            }
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        var connections = new List<Task>();
        try
        {
            while (!_ended.IsCancellationRequested)
            {
                Socket connection = await listener.AcceptAsync(_ended.Token);
                connection.NoDelay = true;
                _connections.Add(connection);
                connections.Add(SocketReading.StreamAsync(connection, message => _answers.Take(message, answer => connection.Send(answer.Span)), _ended.Token));
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // This ends.
        }

        await Task.WhenAll(connections);
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>A user agent on a real socket that sends messages one after the other and takes every one that comes, to the octet.</summary>
internal sealed class SocketUa : IDisposable
{
    private readonly Socket _socket;
    private readonly IPEndPoint _server;
    private readonly string _user;
    private readonly Channel<SipResponse> _responses = Channel.CreateUnbounded<SipResponse>();
    private readonly List<byte[]> _got;
    private readonly Dictionary<string, byte[]> _answers = [];
    private readonly SemaphoreSlim _sending = new(1);
    private int _sequence;

    private SocketUa(Socket socket, string user, IPEndPoint server, List<byte[]> got)
    {
        (_socket, _user, _server, _got) = (socket, user, server, got);
        _ = IsTcp ? ReadStreamAsync() : ReadDatagramsAsync();
    }

    private bool IsTcp => _socket.SocketType == SocketType.Stream;

    /// <summary>Opens its socket.</summary>
    /// <param name="user">Who it is.</param>
    /// <param name="server">Where the server is.</param>
    /// <param name="tcp">By which transport.</param>
    /// <param name="got">Where the bodies go that it gets; several may share it.</param>
    public static async Task<SocketUa> OpenAsync(string user, IPEndPoint server, bool tcp, List<byte[]>? got = null)
    {
        var socket = new Socket(server.AddressFamily, tcp ? SocketType.Stream : SocketType.Dgram, tcp ? ProtocolType.Tcp : ProtocolType.Udp);
        if (tcp)
        {
            await socket.ConnectAsync(server);
        }
        else
        {
            socket.ReceiveBufferSize = 1 << 20;
            socket.Bind(new IPEndPoint(server.Address, 0));
        }

        return new SocketUa(socket, user, server, got ?? []);
    }

    /// <summary>Registers, or with 0 seconds takes it back.</summary>
    public async Task RegisterAsync(int expires, CancellationToken late)
    {
        string contact = $"<sip:{_user}@{_socket.LocalEndPoint}{(IsTcp ? ";transport=tcp" : "")}>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-0000000000b0>\";expires={expires}";
        Assert.Equal(200, (await AskAsync("REGISTER", "sip:example.com", $"sip:{_user}@example.com", $"Contact: {contact}\r\n", default, late)).StatusCode);
    }

    /// <summary>Sends a message and returns the status of its answer.</summary>
    public async Task<int> SendAsync(string to, ReadOnlyMemory<byte> body, CancellationToken late) =>
        (await AskAsync("MESSAGE", to, to, "Content-Type: application/octet-stream\r\n", body, late)).StatusCode;

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task<SipResponse> AskAsync(string method, string uri, string to, string headers, ReadOnlyMemory<byte> body, CancellationToken late)
    {
        int number = ++_sequence;
        string head = $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/{(IsTcp ? "TCP" : "UDP")} {_socket.LocalEndPoint};branch=z9hG4bK{_user}{number};rport\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:{_user}@example.com>;tag={_user}\r\nTo: <{to}>\r\nCall-ID: {_user}-{method}-{_socket.LocalEndPoint}\r\nCSeq: {number} {method}\r\n{headers}Content-Length: {body.Length}\r\n\r\n";
        await WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(head), .. body.Span], _server);
        while (true)
        {
            SipResponse response = await _responses.Reader.ReadAsync(late);
            if (!response.IsProvisional && response.CSeqNumber == number && response.CSeqMethod.Name == method)
            {
                return response;
            }
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> octets, EndPoint to)
    {
        await _sending.WaitAsync();
        try
        {
            if (!IsTcp)
            {
                await _socket.SendToAsync(octets, to);
                return;
            }

            while (!octets.IsEmpty)
            {
                octets = octets[await _socket.SendAsync(octets)..];
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadDatagramsAsync()
    {
        byte[] buffer = new byte[65536];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _socket.ReceiveFromAsync(buffer, _server);
                await HearAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task ReadStreamAsync()
    {
        byte[] buffer = new byte[65536];
        using var framer = new StreamFramer(new ParserLimits { MaxBodyBytes = 1 << 20 });
        try
        {
            while (await _socket.ReceiveAsync(buffer) is var length and > 0)
            {
                framer.Push(buffer.AsSpan(0, length));
                while (Next(framer) is { } message)
                {
                    await HearAsync(message, _server);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private static byte[]? Next(StreamFramer framer)
    {
        FrameKind kind;
        while ((kind = framer.Pull(out ReadOnlySpan<byte> frame)) != FrameKind.NeedMore)
        {
            if (kind == FrameKind.Message)
            {
                return frame.ToArray();
            }
        }

        return null;
    }

    private async Task HearAsync(ReadOnlyMemory<byte> octets, EndPoint from)
    {
        SipMessage? message = SipParser.Parse(octets.Span, new ParserLimits { MaxBodyBytes = 1 << 20 }).Message;
        if (message is SipResponse response)
        {
            _responses.Writer.TryWrite(response);
        }
        else if (message is SipRequest request)
        {
            await WriteAsync(Answer(request), from);
        }
    }

    // A repetition gets the same answer, and is not taken again (RFC 3261 §17.2.2).
    private byte[] Answer(SipRequest request)
    {
        if (!_answers.TryGetValue(request.TopVia.ToString(), out byte[]? answer))
        {
            lock (_got)
            {
                _got.Add(request.Body.ToArray());
            }

            _answers[request.TopVia.ToString()] = answer = request.Answer(200, toTag: "taken").Build().Bytes.ToArray();
        }

        return answer;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Isthmus.Sip;
using Isthmus.Testing;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>A socket that says to a server whatever a test wants, well-formed or not, and reads what comes back.</summary>
internal sealed class SipProbe : IDisposable
{
    private readonly Socket _socket;
    private readonly IPEndPoint _server;
    private readonly Channel<RawMessage> _heard = Channel.CreateUnbounded<RawMessage>();
    private int _sequence;

    private SipProbe(Socket socket, IPEndPoint server)
    {
        _socket = socket;
        _server = server;
        Local = (IPEndPoint)socket.LocalEndPoint!;
        Ended = ReadAsync();
    }

    public IPEndPoint Local { get; }

    /// <summary>Done when a connection is over: true where it was reset, false where it ended in order.</summary>
    public Task<bool> Ended { get; }

    private bool IsTcp => _socket.SocketType == SocketType.Stream;

    public static SipProbe Udp(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(server.Address, 0));
        return new SipProbe(socket, server);
    }

    public static async Task<SipProbe> TcpAsync(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, TestContext.Current.CancellationToken);
        return new SipProbe(socket, server);
    }

    public static async Task<SipProbe> ToAsync(IPEndPoint server, bool tcp) => tcp ? await TcpAsync(server) : Udp(server);

    /// <summary>A request of this probe: <paramref name="headers"/> are whole lines, each ended by CRLF.</summary>
    public string Request(string method, string uri, string headers = "", string body = "", string? to = null, string? callId = null, uint? cseq = null)
    {
        int number = Interlocked.Increment(ref _sequence);
        return string.Create(CultureInfo.InvariantCulture, $"""
            {method} {uri} SIP/2.0
            Via: SIP/2.0/{(IsTcp ? "TCP" : "UDP")} {Local};rport;branch=z9hG4bK{number}-{Local.Port}
            Max-Forwards: 70
            From: <sip:probe@example.com>;tag={Local.Port}
            To: {to ?? $"<{uri}>"}
            Call-ID: {callId ?? $"{number}-{Local.Port}"}
            CSeq: {cseq ?? (uint)number} {method}
            {headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}

            {body}
            """).ReplaceLineEndings("\r\n");
    }

    /// <summary>A REGISTER for a user of example.com with this probe as the Contact.</summary>
    public string Register(string user, int expires = 300, uint? cseq = null, string headers = "") => Request(
        "REGISTER",
        "sip:example.com",
        $"Contact: <sip:{user}@{Local}{(IsTcp ? ";transport=tcp" : "")}>;expires={expires}\r\n{headers}",
        to: $"<sip:{user}@example.com>",
        callId: $"{user}-{Local.Port}",
        cseq: cseq);

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!IsTcp)
        {
            await _socket.SendToAsync(bytes, _server, TestContext.Current.CancellationToken);
            return;
        }

        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
        }
    }

    /// <summary>The next message that came; null when none does, or none will any more.</summary>
    public async Task<RawMessage?> NextAsync(TimeSpan? within = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(within ?? Eventually.Patience);
        try
        {
            return await _heard.Reader.ReadAsync(limit.Token);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The next final answer to any request, or request of a method.</summary>
    public async Task<RawMessage> ExpectAsync(string? method = null)
    {
        while (await NextAsync() is { } message)
        {
            if (method is null ? message.Status >= 200 : message.Method == method)
            {
                return message;
            }
        }

        Assert.Fail($"{(IsTcp ? "tcp" : "udp")} {Local} waited for {method ?? "a final answer"} from {_server}");
        return null!;
    }

    /// <summary>Sends a request and waits for its final answer.</summary>
    public async Task<RawMessage> AskAsync(string request)
    {
        await SendAsync(request);
        return await ExpectAsync();
    }

    /// <summary>What came and was not asked for.</summary>
    public IReadOnlyList<RawMessage> Unread()
    {
        var unread = new List<RawMessage>();
        while (_heard.Reader.TryRead(out var message))
        {
            unread.Add(message);
        }

        return unread;
    }

    /// <summary>Answers a request with this probe's tag and Contact.</summary>
    public Task RespondAsync(RawMessage request, int status, string reason)
    {
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {status} {reason}") };
        foreach (var name in (string[])["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"])
        {
            lines.AddRange(request.Lines(name).Select(line => $"{name}: {line}{(name == "To" && !line.Contains(";tag=", StringComparison.Ordinal) ? ";tag=callee" : "")}"));
        }

        return SendAsync(string.Join("\r\n", [.. lines, $"Contact: <sip:callee@{Local}>", "Content-Length: 0", "", ""]));
    }

    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReadAsync()
    {
        var buffer = new byte[65536];
        using var framer = new StreamFramer(new ParserLimits { MaxHeaderBytes = 1 << 20, MaxBodyBytes = 1 << 20 });
        try
        {
            while (true)
            {
                int length = IsTcp
                    ? await _socket.ReceiveAsync(buffer)
                    : (await _socket.ReceiveFromAsync(buffer, _server)).ReceivedBytes;
                if (length == 0 && IsTcp)
                {
                    return false;
                }

                if (IsTcp)
                {
                    framer.Push(buffer.AsSpan(0, length));
                    Take(framer);
                }
                else
                {
                    Hear(buffer.AsSpan(0, length));
                }
            }
        }
        catch (SocketException)
        {
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            _heard.Writer.TryComplete();
        }
    }

    private void Take(StreamFramer framer)
    {
        FrameKind kind;
        while ((kind = framer.Pull(out var frame)) != FrameKind.NeedMore)
        {
            if (kind == FrameKind.Message)
            {
                Hear(frame);
            }
        }
    }

    private void Hear(ReadOnlySpan<byte> bytes) => _heard.Writer.TryWrite(new RawMessage(Encoding.UTF8.GetString(bytes), _server));
}

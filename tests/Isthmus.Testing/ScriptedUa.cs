// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Testing;

/// <summary>
/// A user agent without a mind of its own: a test writes what it says and waits for what it hears, message by message. It repeats
/// nothing and answers nothing by itself.
/// </summary>
public sealed class ScriptedUa : IDatagramReceiver, IStreamReceiver
{
    private readonly World _world;
    private readonly List<RawMessage> _unread = [];
    private readonly IDatagramSocket? _socket;
    private readonly IStreamConnection? _connection;
    private readonly IPEndPoint _server;
    private readonly StringBuilder _stream = new();
    private int _sequence;

    private ScriptedUa(World world, MemoryHost host, string user, IPEndPoint local, IPEndPoint server, bool isStream)
    {
        (_world, User, _server) = (world, user, server);
        if (isStream)
        {
            _connection = host.ConnectStream(local.Address, server, this);
        }
        else
        {
            _socket = host.BindDatagram(local, this);
        }

        Local = isStream ? _connection!.LocalEndPoint : _socket!.LocalEndPoint;
    }

    /// <summary>The user part of its addresses.</summary>
    public string User { get; }

    /// <summary>The domain of its address-of-record.</summary>
    public string Domain { get; init; } = "example.com";

    /// <summary>Where it sends from.</summary>
    public IPEndPoint Local { get; }

    /// <summary>What it has heard and the test has not asked for.</summary>
    public IReadOnlyList<RawMessage> Unread => _unread;

    /// <summary>Everything that it has heard.</summary>
    public List<RawMessage> Heard { get; } = [];

    /// <summary>Its Contact.</summary>
    public string Contact => $"<sip:{User}@{Local}{(_connection is null ? "" : ";transport=tcp")}>";

    // The same in every response of this user agent, another in that of any other.
    private string CalleeTag => $"to-{User}-{Convert.ToHexStringLower(Local.Address.GetAddressBytes())}-{Local.Port}";

    /// <summary>A user agent that speaks UDP, on a free port of its host unless it names one.</summary>
    public static ScriptedUa Udp(World world, MemoryHost host, string user, string local, IPEndPoint server, int port = 0) =>
        new(world, host, user, new IPEndPoint(IPAddress.Parse(local), port), server, isStream: false);

    /// <summary>A user agent that speaks TCP, on a connection of its own to the server.</summary>
    public static ScriptedUa Tcp(World world, MemoryHost host, string user, string local, IPEndPoint server) => new(world, host, user, new IPEndPoint(IPAddress.Parse(local), 0), server, isStream: true);

    /// <summary>Sends text as it is, but with CRLF for every line end, and with the length of the body wherever <c>Content-Length: ?</c> stands.</summary>
    public void Send(string text, IPEndPoint? to = null)
    {
        text = text.ReplaceLineEndings("\r\n");
        int body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        int length = body < 0 ? 0 : Encoding.UTF8.GetByteCount(text.AsSpan(body + 4));
        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace("Content-Length: ?", string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}"), StringComparison.Ordinal));
        if (_connection is not null)
        {
            _connection.Send(bytes);
        }
        else
        {
            _socket!.Send(bytes, to ?? _server, Local.Address);
        }
    }

    /// <summary>A request from this user agent. Lines of <paramref name="headers"/> replace those of the same name or are added.</summary>
    public RawMessage Request(string method, string uri, string headers = "", string body = "", string? callId = null, string? to = null, uint? cseq = null, string? branch = null)
    {
        int number = ++_sequence;
        var text = new StringBuilder();
        string[] extra = [.. headers.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
        bool Has(string name) => extra.Any(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        void Add(string name, string value)
        {
            if (!Has(name))
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"{method} {uri} SIP/2.0\n");
        Add("Via", $"SIP/2.0/{(_connection is null ? "UDP" : "TCP")} {Local};branch={branch ?? $"z9hG4bK-{User}-{Local.Port}-{number}"};rport");
        Add("Max-Forwards", "70");
        Add("From", $"<sip:{User}@{Domain}>;tag=from-{User}");
        Add("To", to ?? $"<{uri}>");
        Add("Call-ID", callId ?? $"call-{User}-{Local.Port}-{number}");
        Add("CSeq", string.Create(CultureInfo.InvariantCulture, $"{cseq ?? (uint)number} {method}"));
        Add("Contact", Contact);
        foreach (string line in extra)
        {
            text.Append(line).Append('\n');
        }

        if (body.Length > 0)
        {
            Add("Content-Type", "application/sdp");
        }

        text.Append("Content-Length: ?\n\n").Append(body);
        return new RawMessage(text.ToString().ReplaceLineEndings("\r\n"), Local);
    }

    /// <summary>Sends a message and returns it.</summary>
    public RawMessage Send(RawMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Send(message.Text);
        return message;
    }

    /// <summary>Answers a request to where it came from, with this user agent's tag and Contact.</summary>
    public RawMessage Respond(RawMessage request, int status, string reason = "X", string headers = "", string body = "")
    {
        ArgumentNullException.ThrowIfNull(request);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"SIP/2.0 {status} {reason}\n");
        foreach (string name in (string[])["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"])
        {
            foreach (string line in request.Lines(name))
            {
                bool needsTag = name == "To" && status > 100 && !line.Contains(";tag=", StringComparison.Ordinal);
                text.Append(CultureInfo.InvariantCulture, $"{name}: {line}{(needsTag ? $";tag={CalleeTag}" : "")}\n");
            }
        }

        if (status < 300)
        {
            text.Append(CultureInfo.InvariantCulture, $"Contact: {Contact}\n");
        }

        if (headers.Length > 0)
        {
            text.Append(headers.TrimEnd('\n')).Append('\n');
        }

        if (body.Length > 0 && !headers.Contains("Content-Type", StringComparison.Ordinal))
        {
            text.Append("Content-Type: application/sdp\n");
        }

        text.Append("Content-Length: ?\n\n").Append(body);
        var response = new RawMessage(text.ToString().ReplaceLineEndings("\r\n"), Local);
        Send(response.Text, request.Source);
        return response;
    }

    /// <summary>A request of the caller in the dialog of an answered INVITE: target, tags and route set from the answer (RFC 3261 §12.1.2).</summary>
    public RawMessage InDialog(string method, RawMessage invite, RawMessage answer, uint? cseq = null, string body = "", string headers = "")
    {
        ArgumentNullException.ThrowIfNull(invite);
        ArgumentNullException.ThrowIfNull(answer);
        string routes = string.Join(", ", answer.Elements("Record-Route").Reverse());
        return Request(
            method,
            RawMessage.UriOf(answer["Contact"]!),
            $"{(routes.Length > 0 ? "Route: " + routes : "")}\nFrom: {answer["From"]}\n{headers}",
            body,
            invite["Call-ID"],
            answer["To"],
            cseq ?? uint.Parse(invite["CSeq"]!.Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>A request of the callee in the dialog of an INVITE that it answered (RFC 3261 §12.1.1).</summary>
    public RawMessage InDialogOfCallee(string method, RawMessage invite, uint cseq, string body = "")
    {
        ArgumentNullException.ThrowIfNull(invite);
        string routes = string.Join(", ", invite.Elements("Record-Route"));
        return Request(
            method,
            RawMessage.UriOf(invite["Contact"]!),
            $"{(routes.Length > 0 ? "Route: " + routes : "")}\nFrom: {invite["To"]};tag={CalleeTag}",
            body,
            invite["Call-ID"],
            invite["From"],
            cseq);
    }

    /// <summary>The ACK for a final response other than 2xx (RFC 3261 §17.1.1.3).</summary>
    public void AckFailure(RawMessage invite, RawMessage response)
    {
        ArgumentNullException.ThrowIfNull(invite);
        ArgumentNullException.ThrowIfNull(response);
        Send($"""
            ACK {invite.RequestUri} SIP/2.0
            Via: {invite["Via"]}
            Max-Forwards: 70
            From: {invite["From"]}
            To: {response["To"]}
            Call-ID: {invite["Call-ID"]}
            CSeq: {invite["CSeq"]!.Split(' ')[0]} ACK
            Content-Length: 0


            """);
    }

    /// <summary>The CANCEL of an INVITE (RFC 3261 §9.1).</summary>
    public void Cancel(RawMessage invite)
    {
        ArgumentNullException.ThrowIfNull(invite);
        Send($"""
            CANCEL {invite.RequestUri} SIP/2.0
            Via: {invite["Via"]}
            Max-Forwards: 70
            From: {invite["From"]}
            To: {invite["To"]}
            Call-ID: {invite["Call-ID"]}
            CSeq: {invite["CSeq"]!.Split(' ')[0]} CANCEL
            Content-Length: 0


            """);
    }

    /// <summary>The next message that the test has not seen and that begins with <paramref name="start"/>: a method, or a status as <c>180</c>.</summary>
    /// <exception cref="TimeoutException">None came in time (5 s of simulated time when null).</exception>
    public async Task<RawMessage> Expect(string start, TimeSpan? within = null)
    {
        string first = char.IsAsciiDigit(start[0]) ? "SIP/2.0 " + start : start + " ";
        try
        {
            await _world.Until(() => _unread.Exists(m => m.FirstLine.StartsWith(first, StringComparison.Ordinal)), within ?? TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{User} waited for {start} and has unread: [{string.Join(" | ", _unread.Select(m => m.FirstLine))}]\n{_world.Network.Ladder}");
        }

        RawMessage found = _unread.First(m => m.FirstLine.StartsWith(first, StringComparison.Ordinal));
        _unread.Remove(found);
        return found;
    }

    /// <summary>Waits for the CANCEL of an INVITE and answers both (RFC 3261 §9.2).</summary>
    public async Task ExpectCancel(RawMessage invite, TimeSpan? within = null)
    {
        Respond(await Expect("CANCEL", within), 200);
        Respond(invite, 487);
    }

    /// <summary>Waits a while and tells what came and was not asked for, repetitions of seen messages left out.</summary>
    public async Task<IReadOnlyList<RawMessage>> Listen(TimeSpan time)
    {
        await _world.Delay(time);
        return [.. _unread];
    }

    /// <summary>Hangs up the connection, or closes the socket.</summary>
    public void Close()
    {
        _connection?.Close();
        _socket?.Dispose();
    }

    void IDatagramReceiver.Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress) => Hear(Encoding.UTF8.GetString(payload), remote);

    void IDatagramReceiver.Unreachable(IPEndPoint remote, SocketError error)
    {
    }

    void IStreamReceiver.Connected()
    {
    }

    void IStreamReceiver.Received(ReadOnlySpan<byte> bytes)
    {
        _stream.Append(Encoding.UTF8.GetString(bytes));
        while (true)
        {
            string text = _stream.ToString();
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
            {
                return;
            }

            int length = int.Parse(new RawMessage(text, _server)["Content-Length"] ?? "0", CultureInfo.InvariantCulture);
            if (text.Length < head + 4 + length)
            {
                return;
            }

            _stream.Remove(0, head + 4 + length);
            Hear(text[..(head + 4 + length)], _server);
        }
    }

    void IStreamReceiver.Ended()
    {
    }

    void IStreamReceiver.Closed(SocketError? reason)
    {
    }

    private void Hear(string text, IPEndPoint source)
    {
        if (text.Trim().Length == 0)
        {
            return;
        }

        var message = new RawMessage(text, source);
        if (Heard.Exists(m => m.Text == text))
        {
            return; // a repetition
        }

        Heard.Add(message);
        _unread.Add(message);
    }
}

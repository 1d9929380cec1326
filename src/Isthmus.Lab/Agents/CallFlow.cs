// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// Calls at a steady rate by UDP, whatever becomes of them: each is cancelled when it rings. It says how long each took to ring. Nothing is sent twice, so that
/// a lost message is a call that did not ring.
/// </summary>
internal sealed class CallFlow : IAsyncDisposable
{
    private const int SocketBuffer = 4 << 20;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    private readonly Socket _socket;
    private readonly string _name = Guid.NewGuid().ToString("N")[..8];
    private readonly string _from;
    private readonly ConcurrentDictionary<int, (long Begun, string Uri)> _calls = [];
    private readonly Task _reading;
    private ConcurrentBag<TimeSpan> _rang = [];
    private int _number;
    private int _refused;

    private CallFlow(Socket socket, string from)
    {
        _socket = socket;
        _from = from;
        _reading = SocketReading.DatagramsAsync(socket, Hear);
    }

    /// <summary>Opens it on a host, towards its server; who calls must be registered from there.</summary>
    public static CallFlow Open(NetworkNamespace inside, IPEndPoint server, string from) => new(
        inside.Run(() =>
        {
            var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = SocketBuffer };
            socket.Connect(server);
            return socket;
        }),
        from);

    /// <summary>Calls these URIs by turns, so many in a second, for so long, and waits a little for the last ones.</summary>
    public async Task<CallFlowResult> RunAsync(IReadOnlyList<string> uris, int perSecond, TimeSpan length, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        (_rang, _refused) = ([], 0);
        long begun = time.GetTimestamp();
        int made = 0;
        using var tick = new PeriodicTimer(Step, time);
        while (time.GetElapsedTime(begun) is var gone && gone < length)
        {
            for (; made < gone.TotalSeconds * perSecond; made++)
            {
                int number = ++_number;
                string uri = uris[made % uris.Count];
                _calls[number] = (Stopwatch.GetTimestamp(), uri);
                Send("INVITE", uri, number, $"<{uri}>");
            }

            await tick.WaitForNextTickAsync(cancellation);
        }

        await Task.Delay(patience, time, cancellation);
        return new CallFlowResult(made, Volatile.Read(ref _refused), [.. _rang.Order()]);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private void Send(string method, string uri, int number, string to)
    {
        var local = (IPEndPoint)_socket.LocalEndPoint!;
        string text = string.Create(CultureInfo.InvariantCulture, $"""
            {method} {uri} SIP/2.0
            Via: SIP/2.0/UDP {local};rport;branch=z9hG4bK-{_name}-{number}
            Max-Forwards: 70
            From: <{_from}>;tag={number}
            To: {to}
            Call-ID: {number}-{_name}
            CSeq: 1 {method}
            Contact: <sip:lab@{local}>
            Content-Length: 0


            """);
        _socket.Send(Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n")));
    }

    private void Hear(ReadOnlySpan<byte> bytes)
    {
        if (SipParser.Parse(bytes).Message is not SipResponse response || response.CSeqMethod != SipMethod.Invite || response.StatusCode == 100
            || !int.TryParse(response.CallId.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || !_calls.TryGetValue(number, out var call))
        {
            return;
        }

        if (response.IsProvisional)
        {
            _rang.Add(Stopwatch.GetElapsedTime(call.Begun));
            Send("CANCEL", call.Uri, number, $"<{call.Uri}>");
            return;
        }

        Send("ACK", call.Uri, number, response.To.ToString());
        _calls.TryRemove(number, out _);
        if (response.StatusCode != 487)
        {
            Interlocked.Increment(ref _refused);
        }
    }
}

/// <summary>What became of a flow of calls.</summary>
/// <param name="Made">Calls.</param>
/// <param name="Refused">Those that were refused instead of ringing.</param>
/// <param name="Rang">How long each of the others took to ring, the shortest first.</param>
internal sealed record CallFlowResult(int Made, int Refused, IReadOnlyList<TimeSpan> Rang)
{
    /// <summary>The time within which that share of the calls rang.</summary>
    public TimeSpan? Quantile(double share) => Rang.Count == 0 ? null : Rang[Math.Min(Rang.Count - 1, (int)(share * Rang.Count))];
}

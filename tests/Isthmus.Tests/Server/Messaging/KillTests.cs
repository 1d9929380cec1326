// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Server;
using Isthmus.Server.Messaging;
using Isthmus.Tests.Server.Hosting;
using Isthmus.Tests.Server.Location;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>
/// A server in a process of its own kills itself with SIGKILL at one moment of a message's way, and is started again; sender and recipient do what RFC 3261 says of
/// requests that are not answered. The sender hears 202 once in the end, and the recipient gets the message once.
/// </summary>
public sealed class KillTests
{
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(500); // T1

    [Theory]
    [InlineData(nameof(MessageMoment.Taken))]
    [InlineData(nameof(MessageMoment.Written))]
    [InlineData(nameof(MessageMoment.Committed))]
    [InlineData(nameof(MessageMoment.Accepted))]
    [InlineData(nameof(MessageMoment.Read))]
    [InlineData(nameof(MessageMoment.Sent))]
    [InlineData(nameof(MessageMoment.Answered))]
    [InlineData(nameof(MessageMoment.Removing))]
    [InlineData(nameof(MessageMoment.Removed))]
    public async Task Kill9_AtAnyMomentOfAMessage_ItIsAcceptedAndDeliveredOnce(string moment)
    {
        if (ChildServer.Task is { } task)
        {
            await ServeUntilKilled(task.Folder, task.Argument, task.Port);
            return;
        }

        using var patience = new Patience();
        using var folder = new TemporaryFolder();
        using var alice = new Ua("alice", patience);
        using var bob = new Ua("bob", patience);

        // Bob was there, and his phone is off.
        using ChildServer server = Start(folder, moment);
        IPEndPoint at = await server.ServesAtAsync(patience);
        await bob.AskAsync(at, bob.Register(600), "200");
        await bob.AskAsync(at, bob.Register(0), "200");

        // The moments before the 202 come with the request, the others with Bob's registration.
        string message = alice.Message("once and only once");
        Task<string> accepted = alice.AskAsync(at, message, "202");
        if (Enum.Parse<MessageMoment>(moment) >= MessageMoment.Read)
        {
            await accepted;
            await bob.SendAsync(at, bob.Register(600));
        }

        bob.Answering = at;
        await server.DiesAsync(patience);
        using ChildServer next = Start(folder, "", at.Port);
        await next.ServesAtAsync(patience);
        await accepted;
        await bob.AskAsync(at, bob.Register(600), "200");
        await bob.GotAsync(1);

        // Nothing comes a second time: neither on its own nor because Bob comes back, nor because Alice says it again.
        await alice.AskAsync(at, alice.Message("the end"), "20");
        await bob.GotAsync(2);
        Assert.Equal(["once and only once", "the end"], bob.Got);
        Assert.Equal(1, alice.Heard.Count(response => response.StartsWith("SIP/2.0 202", StringComparison.Ordinal) && response.Contains("CSeq: 1 ", StringComparison.Ordinal)));
    }

    private static ChildServer Start(TemporaryFolder folder, string moment, int port = 0) =>
        new($"{typeof(KillTests).FullName}.{nameof(Kill9_AtAnyMomentOfAMessage_ItIsAcceptedAndDeliveredOnce)}", folder, moment, port);

    // The first test of the child serves; the others never begin.
    private static async Task ServeUntilKilled(string folder, string fatal, int port)
    {
        ServerOptions options = IsthmusServerTests.Loopback(store: Path.Combine(folder, "isthmus.db"));
        await ChildServer.ServeAsync(folder, await IsthmusServer.StartAsync(options with
        {
            Domains = [new DomainOptions { Name = "example.com" }],
            Listeners = [options.Listeners[0] with { Port = port }],
            Messages = new MessageOptions
            {
                Witness = moment =>
                {
                    if ($"{moment}" == fatal)
                    {
                        Process.GetCurrentProcess().Kill(); // SIGKILL
                    }
                },
            },
        }));
    }

    /// <summary>A user agent that repeats its requests until they are answered, and knows repetitions of requests by their branch (RFC 3261 §17.1.2, §17.2.2).</summary>
    private sealed class Ua : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly string _user;
        private readonly Patience _patience;
        private readonly Dictionary<string, string> _answered = [];
        private readonly Lock _lock = new();
        private readonly List<string> _heard = [];
        private readonly List<string> _got = [];
        private int _sequence;

        public Ua(string user, Patience patience)
        {
            (_user, _patience) = (user, patience);
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _ = ListenAsync();
        }

        /// <summary>Where requests come from that it answers; null: it is off.</summary>
        public IPEndPoint? Answering { get; set; }

        public string[] Heard
        {
            get
            {
                lock (_lock)
                {
                    return [.. _heard];
                }
            }
        }

        public string[] Got
        {
            get
            {
                lock (_lock)
                {
                    return [.. _got];
                }
            }
        }

        public string Register(int expires) => Request("REGISTER", "sip:example.com", $"<sip:{_user}@example.com>", $"Contact: <sip:{_user}@{_socket.LocalEndPoint}>;expires={expires}\r\n", "");

        public string Message(string body) => Request("MESSAGE", "sip:bob@example.com", "<sip:bob@example.com>", "Content-Type: text/plain\r\n", body);

        public async Task SendAsync(IPEndPoint server, string text) => await _socket.SendToAsync(Encoding.UTF8.GetBytes(text), server);

        /// <summary>Sends a request until it is answered, also if nobody is there for a while.</summary>
        public async Task<string> AskAsync(IPEndPoint server, string request, string status)
        {
            string cseq = request.Split("\r\n").First(line => line.StartsWith("CSeq:", StringComparison.Ordinal));
            using var tick = new PeriodicTimer(Repeat / 10);
            for (int i = 0; ; i++)
            {
                if (Heard.FirstOrDefault(response => response.Contains(cseq, StringComparison.Ordinal) && !response.StartsWith("SIP/2.0 1", StringComparison.Ordinal)) is { } answer)
                {
                    Assert.StartsWith($"SIP/2.0 {status}", answer, StringComparison.Ordinal);
                    return answer;
                }

                if (i % 10 == 0)
                {
                    await SendAsync(server, request);
                }

                await tick.WaitForNextTickAsync(_patience.Token);
            }
        }

        public async Task GotAsync(int count)
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (Got.Length < count)
            {
                await tick.WaitForNextTickAsync(_patience.Token);
            }
        }

        public void Dispose() => _socket.Dispose();

        private string Request(string method, string uri, string to, string headers, string body)
        {
            int number = ++_sequence;
            return $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {_socket.LocalEndPoint};branch=z9hG4bK-{_user}-{number};rport\r\nMax-Forwards: 70\r\nFrom: <sip:{_user}@example.com>;tag={_user}\r\n"
                + $"To: {to}\r\nCall-ID: {_user}-{method}\r\nCSeq: {number} {method}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";
        }

        private async Task ListenAsync()
        {
            byte[] buffer = new byte[65536];
            try
            {
                while (true)
                {
                    SocketReceiveFromResult received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                    _patience.Renew();
                    string text = Encoding.UTF8.GetString(buffer, 0, received.ReceivedBytes);
                    if (text.StartsWith("SIP/2.0", StringComparison.Ordinal))
                    {
                        lock (_lock)
                        {
                            _heard.Add(text);
                        }
                    }
                    else if (Answering is not null)
                    {
                        await SendAsync((IPEndPoint)received.RemoteEndPoint, Answer(text));
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It is over.
            }
        }

        private string Answer(string request)
        {
            string[] lines = request.Split("\r\n\r\n")[0].Split("\r\n");
            string via = lines.First(line => line.StartsWith("Via:", StringComparison.Ordinal));
            lock (_lock)
            {
                if (!_answered.TryGetValue(via, out string? answer))
                {
                    _got.Add(request.Split("\r\n\r\n", 2)[1]);
                    string Of(string name) => lines.First(line => line.StartsWith(name, StringComparison.Ordinal));
                    _answered[via] = answer = $"SIP/2.0 200 OK\r\n{via}\r\n{Of("From:")}\r\n{Of("To:")};tag=bob\r\n{Of("Call-ID:")}\r\n{Of("CSeq:")}\r\nContent-Length: 0\r\n\r\n";
                }

                return answer;
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
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
    private const string FolderVariable = "ISTHMUS_TEST_MESSAGE_FOLDER";
    private const string MomentVariable = "ISTHMUS_TEST_MESSAGE_MOMENT";
    private const string PortVariable = "ISTHMUS_TEST_MESSAGE_PORT";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
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
        if (Environment.GetEnvironmentVariable(FolderVariable) is { } childFolder)
        {
            await ServeUntilKilled(childFolder);
            return;
        }

        using var late = new CancellationTokenSource(Limit);
        using var folder = new TemporaryFolder();
        using var alice = new Ua("alice");
        using var bob = new Ua("bob");

        // Bob was there, and his phone is off.
        Process server = Start(folder, moment, port: 0);
        try
        {
            int port = await PortOf(folder, server, late.Token);
            var at = new IPEndPoint(IPAddress.Loopback, port);
            await bob.AskAsync(at, bob.Register(600), "200", late.Token);
            await bob.AskAsync(at, bob.Register(0), "200", late.Token);

            // The moments before the 202 come with the request, the others with Bob's registration.
            string message = alice.Message("once and only once");
            Task<string> accepted = alice.AskAsync(at, message, "202", late.Token);
            if (Enum.Parse<MessageMoment>(moment) >= MessageMoment.Read)
            {
                await accepted;
                await bob.SendAsync(at, bob.Register(600));
            }

            bob.Answering = at;
            await server.WaitForExitAsync(late.Token);
            Assert.Equal(137, server.ExitCode); // SIGKILL, and not an end of its own
            server.Dispose();
            server = Start(folder, "", port);
            await PortOf(folder, server, late.Token);
            await accepted;
            await bob.AskAsync(at, bob.Register(600), "200", late.Token);
            await bob.GotAsync(1, late.Token);

            // Nothing comes a second time: neither on its own nor because Bob comes back, nor because Alice says it again.
            await alice.AskAsync(at, alice.Message("the end"), "20", late.Token);
            await bob.GotAsync(2, late.Token);
            Assert.Equal(["once and only once", "the end"], bob.Got);
            Assert.Equal(1, alice.Heard.Count(response => response.StartsWith("SIP/2.0 202", StringComparison.Ordinal) && response.Contains("CSeq: 1 ", StringComparison.Ordinal)));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(late.Token);
            server.Dispose();
        }
    }

    private static Process Start(TemporaryFolder folder, string moment, int port)
    {
        File.Delete(folder["port"]);
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "--filter-method", $"{typeof(KillTests).FullName}.{nameof(Kill9_AtAnyMomentOfAMessage_ItIsAcceptedAndDeliveredOnce)}", "--progress", "off" },
            Environment = { [FolderVariable] = folder.Path, [MomentVariable] = moment, [PortVariable] = $"{port}" },
            RedirectStandardOutput = true,
        };
        Process child = Process.Start(start)!;
        child.OutputDataReceived += static (_, _) => { };
        child.BeginOutputReadLine();
        return child;
    }

    private static async Task<int> PortOf(TemporaryFolder folder, Process child, CancellationToken late)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(folder["port"]))
        {
            Assert.False(child.HasExited, "the server ended by itself");
            await tick.WaitForNextTickAsync(late);
        }

        return int.Parse(await File.ReadAllTextAsync(folder["port"], late), CultureInfo.InvariantCulture);
    }

    // The first test of the child serves; the others never begin.
    private static async Task ServeUntilKilled(string folder)
    {
        string fatal = Environment.GetEnvironmentVariable(MomentVariable)!;
        int port = int.Parse(Environment.GetEnvironmentVariable(PortVariable)!, CultureInfo.InvariantCulture);
        ServerOptions options = IsthmusServerTests.Loopback(store: Path.Combine(folder, "isthmus.db"));
        ServerStart start = await IsthmusServer.StartAsync(options with
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
        });
        Assert.NotNull(start.Server);
        await File.WriteAllTextAsync(Path.Combine(folder, "port.new"), $"{IsthmusServerTests.UdpOf(start.Server, "127.0.0.1").Port}");
        File.Move(Path.Combine(folder, "port.new"), Path.Combine(folder, "port"));
        using var limit = new CancellationTokenSource(Limit);
        await Task.Run(() => limit.Token.WaitHandle.WaitOne());
    }

    /// <summary>A user agent that repeats its requests until they are answered, and knows repetitions of requests by their branch (RFC 3261 §17.1.2, §17.2.2).</summary>
    private sealed class Ua : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly string _user;
        private readonly Dictionary<string, string> _answered = [];
        private readonly Lock _lock = new();
        private readonly List<string> _heard = [];
        private readonly List<string> _got = [];
        private int _sequence;

        public Ua(string user)
        {
            _user = user;
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
        public async Task<string> AskAsync(IPEndPoint server, string request, string status, CancellationToken late)
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

                await tick.WaitForNextTickAsync(late);
            }
        }

        public async Task GotAsync(int count, CancellationToken late)
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (Got.Length < count)
            {
                await tick.WaitForNextTickAsync(late);
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

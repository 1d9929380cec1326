// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Tests.Server.Hosting;
using Isthmus.Tests.Server.Location;
using Microsoft.Data.Sqlite;

namespace Isthmus.Tests.Server.Events;

/// <summary>A server in a process of its own is killed with SIGKILL; the next one notifies the watcher, who has not subscribed anew.</summary>
public sealed class EventKillTests
{
    private const string FolderVariable = "ISTHMUS_TEST_EVENT_KILL_FOLDER";
    private const string PortVariable = "ISTHMUS_TEST_EVENT_KILL_PORT";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Kill9_WatcherIsNotifiedByTheNextServer()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { } childFolder)
        {
            await ServeUntilKilled(childFolder, int.Parse(Environment.GetEnvironmentVariable(PortVariable)!, System.Globalization.CultureInfo.InvariantCulture));
            return;
        }

        using var folder = new TemporaryFolder();
        using var late = new CancellationTokenSource(Limit);
        using var watcher = new Watcher();
        int port;
        using (Process first = Start(folder, 0))
        {
            port = await PortOf(folder, first, late.Token);
            watcher.Server = new IPEndPoint(IPAddress.Loopback, port);
            await watcher.Ask("REGISTER", "sip:localhost", "", late.Token);
            await watcher.Ask("SUBSCRIBE", "sip:alice@localhost", "Event: presence\r\n", late.Token);
            Assert.Equal(Availability.Online, await watcher.Notified(late.Token));
            await watcher.Ask("PUBLISH", "sip:alice@localhost", "Event: presence\r\nContent-Type: application/pidf+xml\r\n", late.Token, PresenceDocument.Of("sip:alice@localhost", Availability.Busy).ToBytes());
            Assert.Equal(Availability.Busy, await watcher.Notified(late.Token));
            Assert.True(SpinWait.SpinUntil(() => IsKept(folder["isthmus.db"]), Limit));
            await Kill(first, late.Token);
        }

        using Process second = Start(folder, port);
        await PortOf(folder, second, late.Token);
        Assert.Equal(Availability.Busy, await watcher.Notified(late.Token));
        Assert.True(watcher.LastCSeq > 200);
        await Kill(second, late.Token);
    }

    private static bool IsKept(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand count = connection.CreateCommand();
        count.CommandText = "SELECT (SELECT count(*) FROM subscription) + (SELECT count(*) FROM publication)";
        return (long)count.ExecuteScalar()! == 2;
    }

    private static Process Start(TemporaryFolder folder, int port)
    {
        File.Delete(folder["port"]);
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "--filter-method", $"{typeof(EventKillTests).FullName}.{nameof(Kill9_WatcherIsNotifiedByTheNextServer)}", "--progress", "off" },
            Environment = { [FolderVariable] = folder.Path, [PortVariable] = $"{port}" },
            RedirectStandardOutput = true,
        };
        Process child = Process.Start(start)!;
        child.OutputDataReceived += static (_, _) => { };
        child.BeginOutputReadLine();
        return child;
    }

    private static async Task Kill(Process child, CancellationToken late)
    {
        child.Kill();
        await child.WaitForExitAsync(late);
        Assert.Equal(137, child.ExitCode);
    }

    private static async Task<int> PortOf(TemporaryFolder folder, Process child, CancellationToken late)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(folder["port"]))
        {
            Assert.False(child.HasExited, "the server ended by itself");
            await tick.WaitForNextTickAsync(late);
        }

        return int.Parse(File.ReadAllText(folder["port"]), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task ServeUntilKilled(string folder, int port)
    {
        ServerOptions options = IsthmusServerTests.Loopback(port, Path.Combine(folder, "isthmus.db")) with { Domains = [new DomainOptions { Name = "localhost" }] };
        ServerStart start = await IsthmusServer.StartAsync(options with { Listeners = [.. options.Listeners.Take(1)] });
        Assert.NotNull(start.Server);
        await File.WriteAllTextAsync(Path.Combine(folder, "port.new"), $"{start.Server.Listeners[0].LocalEndPoint.Port}");
        File.Move(Path.Combine(folder, "port.new"), Path.Combine(folder, "port"));
        using var limit = new CancellationTokenSource(Limit);
        await Task.Run(() => limit.Token.WaitHandle.WaitOne());
    }

    /// <summary>A socket that registers, subscribes and publishes, and answers NOTIFYs.</summary>
    private sealed class Watcher : IDisposable
    {
        private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly Queue<SipMessage> _heard = new();
        private int _cseq;

        public IPEndPoint Server { get; set; } = new(IPAddress.Loopback, 0);

        public uint LastCSeq { get; private set; }

        public async Task Ask(string method, string uri, string headers, CancellationToken late, byte[]? body = null)
        {
            int number = ++_cseq;
            string text = $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {_socket.Client.LocalEndPoint};branch=z9hG4bK{number};rport\r\nMax-Forwards: 70\r\n"
                + $"From: <sip:alice@localhost>;tag=1\r\nTo: <sip:alice@localhost>\r\nCall-ID: {method}@test\r\nCSeq: {number} {method}\r\n"
                + $"Contact: <sip:alice@{_socket.Client.LocalEndPoint}>\r\n{headers}Content-Length: {body?.Length ?? 0}\r\n\r\n";
            await _socket.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(text), .. body ?? []], Server, late);
            Assert.Equal(200, ((SipResponse)await Next(message => message is SipResponse, late)).StatusCode);
        }

        public async Task<Availability> Notified(CancellationToken late)
        {
            SipRequest notify;
            do
            {
                notify = (SipRequest)await Next(message => message is SipRequest, late);
                await _socket.SendAsync(notify.Answer(200).Build().Bytes, Server, late);
            }
            while (notify.CSeqNumber == LastCSeq); // sent again

            LastCSeq = notify.CSeqNumber;
            Assert.True(PresenceDocument.TryParse(notify.Body, out PresenceDocument? document, out _));
            return document.Availability;
        }

        public void Dispose() => _socket.Dispose();

        private async Task<SipMessage> Next(Predicate<SipMessage> fits, CancellationToken late)
        {
            while (true)
            {
                for (int i = _heard.Count; i > 0; i--)
                {
                    SipMessage message = _heard.Dequeue();
                    if (fits(message))
                    {
                        return message;
                    }

                    _heard.Enqueue(message);
                }

                UdpReceiveResult datagram = await _socket.ReceiveAsync(late);
                _heard.Enqueue(SipParser.Parse(datagram.Buffer).Message!);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
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
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Kill9_WatcherIsNotifiedByTheNextServer()
    {
        if (ChildServer.Task is { } task)
        {
            await ServeUntilKilled(task.Folder, task.Port);
            return;
        }

        using var folder = new TemporaryFolder();
        using var patience = new Patience();
        using var watcher = new Watcher(patience);
        using (ChildServer first = Start(folder, 0))
        {
            watcher.Server = await first.ServesAtAsync(patience);
            await watcher.Ask("REGISTER", "sip:localhost", "");
            await watcher.Ask("SUBSCRIBE", "sip:alice@localhost", "Event: presence\r\n");
            Assert.Equal(Availability.Online, await watcher.Notified());
            await watcher.Ask("PUBLISH", "sip:alice@localhost", "Event: presence\r\nContent-Type: application/pidf+xml\r\n", PresenceDocument.Of("sip:alice@localhost", Availability.Busy).ToBytes());
            Assert.Equal(Availability.Busy, await watcher.Notified());
            Assert.True(SpinWait.SpinUntil(() => IsKept(folder["isthmus.db"]), Limit));
            await first.KillAsync(patience);
        }

        using ChildServer second = Start(folder, watcher.Server.Port);
        await second.ServesAtAsync(patience);
        Assert.Equal(Availability.Busy, await watcher.Notified());
        Assert.True(watcher.LastCSeq > 200);
    }

    private static bool IsKept(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand count = connection.CreateCommand();
        count.CommandText = "SELECT (SELECT count(*) FROM subscription) + (SELECT count(*) FROM publication)";
        return (long)count.ExecuteScalar()! == 2;
    }

    private static ChildServer Start(TemporaryFolder folder, int port) =>
        new($"{typeof(EventKillTests).FullName}.{nameof(Kill9_WatcherIsNotifiedByTheNextServer)}", folder, port: port);

    private static async Task ServeUntilKilled(string folder, int port)
    {
        ServerOptions options = IsthmusServerTests.Loopback(port, Path.Combine(folder, "isthmus.db")) with { Domains = [new DomainOptions { Name = "localhost" }] };
        await ChildServer.ServeAsync(folder, await IsthmusServer.StartAsync(options with { Listeners = [.. options.Listeners.Take(1)] }));
    }

    /// <summary>A socket that registers, subscribes and publishes, and answers NOTIFYs.</summary>
    private sealed class Watcher(Patience patience) : IDisposable
    {
        private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly Queue<SipMessage> _heard = new();
        private int _cseq;

        public IPEndPoint Server { get; set; } = new(IPAddress.Loopback, 0);

        public uint LastCSeq { get; private set; }

        public async Task Ask(string method, string uri, string headers, byte[]? body = null)
        {
            int number = ++_cseq;
            string text = $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {_socket.Client.LocalEndPoint};branch=z9hG4bK{number};rport\r\nMax-Forwards: 70\r\n"
                + $"From: <sip:alice@localhost>;tag=1\r\nTo: <sip:alice@localhost>\r\nCall-ID: {method}@test\r\nCSeq: {number} {method}\r\n"
                + $"Contact: <sip:alice@{_socket.Client.LocalEndPoint}>\r\n{headers}Content-Length: {body?.Length ?? 0}\r\n\r\n";
            await _socket.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(text), .. body ?? []], Server, patience.Token);
            Assert.Equal(200, ((SipResponse)await Next(message => message is SipResponse)).StatusCode);
        }

        public async Task<Availability> Notified()
        {
            SipRequest notify;
            do
            {
                notify = (SipRequest)await Next(message => message is SipRequest);
                await _socket.SendAsync(notify.Answer(200).Build().Bytes, Server, patience.Token);
            }
            while (notify.CSeqNumber == LastCSeq); // sent again

            LastCSeq = notify.CSeqNumber;
            Assert.True(PresenceDocument.TryParse(notify.Body, out PresenceDocument? document, out _));
            return document.Availability;
        }

        public void Dispose() => _socket.Dispose();

        private async Task<SipMessage> Next(Predicate<SipMessage> fits)
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

                UdpReceiveResult datagram = await _socket.ReceiveAsync(patience.Token);
                patience.Renew();
                _heard.Enqueue(SipParser.Parse(datagram.Buffer).Message!);
            }
        }
    }
}

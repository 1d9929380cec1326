// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Tests.Server.Hosting;
using Isthmus.Tests.Server.Location;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Users come and go while others write to them, with all threads and a store on the disk: nothing is lost, nothing comes twice, and no message overtakes another.</summary>
public sealed class MessageStormTests
{
    private const int Users = 6;
    private const int Senders = 8;
    private const int MessagesOfEach = 60;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Messages_WhileUsersComeAndGo_AllArriveOnceAndInOrder()
    {
        using var late = new CancellationTokenSource(Limit);
        using var folder = new TemporaryFolder();
        ServerStart start = await IsthmusServer.StartAsync(IsthmusServerTests.Loopback(store: folder["isthmus.db"]) with
        {
            Domains = [new DomainOptions { Name = "example.com" }],
            Messages = new() { MaxPercentOfStrangers = 100 }, // whose senders do not register
        });
        await using IsthmusServer server = start.Server!;
        var users = new List<(SocketUa Ua, List<byte[]> Got)>();
        for (int i = 0; i < Users; i++)
        {
            var got = new List<byte[]>();
            SocketUa ua = await SocketUa.OpenAsync($"user{i}", EndPoint(server, i, tcp: i % 3 == 2), tcp: i % 3 == 2, got);
            await ua.RegisterAsync(600, late.Token);
            users.Add((ua, got));
        }

        int sending = Senders;
        int kept = 0;
        Task[] comingAndGoing = [.. users.Select(async (user, number) =>
        {
            var random = new Random(number);
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(3));
            while (Volatile.Read(ref sending) > 0)
            {
                await user.Ua.RegisterAsync(random.Next(2) * 600, late.Token);
                await tick.WaitForNextTickAsync(late.Token);
            }

            await user.Ua.RegisterAsync(600, late.Token);
        })];
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            var random = new Random(100 + sender);
            using SocketUa ua = await SocketUa.OpenAsync($"sender{sender}", EndPoint(server, sender / 2, tcp: sender % 2 == 1), tcp: sender % 2 == 1);
            for (int i = 0; i < MessagesOfEach; i++)
            {
                int status = await ua.SendAsync($"sip:user{random.Next(Users)}@example.com", Encoding.ASCII.GetBytes($"{sender} {i}"), late.Token);
                Assert.True(status is 200 or 202, $"{status}");
                _ = status == 202 ? Interlocked.Increment(ref kept) : 0;
            }

            Interlocked.Decrement(ref sending);
        }));
        await Task.WhenAll(comingAndGoing);

        using var patience = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (users.Sum(user => Read(user.Got).Count) < Senders * MessagesOfEach || server.Proxy.Mailroom!.Boxes.Count > 0)
        {
            await patience.WaitForNextTickAsync(late.Token);
        }

        List<(int Sender, int Number)>[] all = [.. users.Select(user => Read(user.Got))];
        Assert.Equal(Senders * MessagesOfEach, all.Sum(got => got.Distinct().Count()));
        Assert.Equal(Senders * MessagesOfEach, all.Sum(got => got.Count));
        foreach (List<(int Sender, int Number)> got in all)
        {
            foreach (IGrouping<int, (int Sender, int Number)> ofOne in got.GroupBy(message => message.Sender))
            {
                Assert.Equal(ofOne.Order(), ofOne);
            }
        }

        Assert.Equal(kept, server.Proxy.Mailroom.Counters.Delivered);
        Assert.True(kept > 20, $"only {kept} were kept");
        users.ForEach(user => user.Ua.Dispose());
    }

    private static IPEndPoint EndPoint(IsthmusServer server, int number, bool tcp) => server.Listeners
        .First(listener => listener.Version == (number % 2 == 0 ? IpVersion.V4 : IpVersion.V6) && listener.Transport.IsReliable == tcp).LocalEndPoint;

    private static List<(int Sender, int Number)> Read(List<byte[]> got)
    {
        lock (got)
        {
            return [.. got.Select(body => Encoding.ASCII.GetString(body).Split(' ')).Select(parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture)))];
        }
    }
}

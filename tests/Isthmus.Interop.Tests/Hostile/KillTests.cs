// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>The server is killed amid a storm of registrations: what it said 200 to is there again, and nothing else is gone.</summary>
public sealed partial class KillTests(ITestOutputHelper output)
{
    private const int Window = 32;
    private const int MostRegistrations = 3000;
    private static readonly TimeSpan Storm = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Kill9_AmidAStormByUdpAndTcp_KeepsEveryAcknowledgedBindingAndRingsItAtOnce()
    {
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Further = "log-level = \"debug\"" });
        using var bob = SipProbe.Udp(server.EndPoint(IpVersion.V6));
        Assert.Equal(200, (await bob.AskAsync(bob.Register("bob"))).Status);

        var storm = new Storming();
        var clients = new List<Task>();
        var probes = new List<SipProbe>();
        var began = Stopwatch.GetTimestamp();
        foreach (var endPoint in server.EndPoints)
        {
            foreach (var tcp in (bool[])[false, true])
            {
                var probe = await SipProbe.ToAsync(endPoint, tcp);
                probes.Add(probe);
                clients.Add(storm.RunAsync(probe, $"u{probes.Count}"));
            }
        }

        await Eventually.IsTrue(() => storm.Answered >= MostRegistrations || (Stopwatch.GetElapsedTime(began) > Storm && storm.Answered >= 300), "registrations are answered");
        await server.KillAsync();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var commits = Committed().Matches(server.Output.Text).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).ToList();
        probes.ForEach(probe => probe.Dispose());
        await Task.WhenAll(clients);

        await server.StartAgainAsync();
        using var alice = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        var restarted = Stopwatch.GetTimestamp();
        await alice.SendAsync(alice.Request("INVITE", "sip:bob@example.com", $"Contact: <sip:alice@{alice.Local}>\r\n"));
        var invite = await bob.ExpectAsync("INVITE");
        var rang = Stopwatch.GetElapsedTime(restarted);
        Assert.StartsWith("sip:bob@[::1]", invite.RequestUri, StringComparison.Ordinal);

        var kept = JsonDocument.Parse(await server.ShowAsync("bindings", json: true)).RootElement.GetProperty("bindings").EnumerateArray()
            .Select(binding => binding.GetProperty("aor").GetString()!).ToHashSet();
        Assert.DoesNotContain(storm.Bound, user => !kept.Contains($"sip:{user}@example.com"));
        Assert.DoesNotContain(storm.Unbound, user => kept.Contains($"sip:{user}@example.com"));
        Assert.Contains(commits, changes => changes > 1);
        Assert.True(commits.Count < storm.Answered, "one transaction for each REGISTER");
        output.WriteLine($"{storm.Answered} REGISTERs answered 200 in {seconds:F1} s ({storm.Bound.Count} bindings acknowledged, {storm.Unbound.Count} removals) by {commits.Count} commits: "
            + $"{(double)commits.Sum() / commits.Count:F1} changes a commit, at most {commits.Max()}; a registered phone rang {rang.TotalMilliseconds:F0} ms after the restart");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Kill9_AmidACall_EitherSideCanStillHangUp(bool callerHangsUp, bool callerIsRegistered)
    {
        await using var server = await IsthmusServer.StartAsync();
        using var bob = SipProbe.Udp(server.EndPoint(IpVersion.V6));
        using var alice = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        Assert.Equal(200, (await bob.AskAsync(bob.Register("bob"))).Status);
        if (callerIsRegistered)
        {
            Assert.Equal(200, (await alice.AskAsync(alice.Register("probe"))).Status);
        }

        await alice.SendAsync(alice.Request("INVITE", "sip:bob@example.com", $"Contact: <sip:alice@{alice.Local}>\r\n", callId: "a-call"));
        var invite = await bob.ExpectAsync("INVITE");
        await bob.RespondAsync(invite, 200, "OK");
        var ok = await alice.ExpectAsync();
        await alice.SendAsync(alice.Request("ACK", $"sip:callee@{bob.Local}", Routes(ok.Elements("Record-Route").Reverse()), to: ok["To"], callId: "a-call"));
        await bob.ExpectAsync("ACK");
        await server.KillAsync();
        await server.StartAgainAsync();

        var (one, other) = callerHangsUp ? (alice, bob) : (bob, alice);
        var bye = callerHangsUp
            ? alice.Request("BYE", $"sip:callee@{bob.Local}", Routes(ok.Elements("Record-Route").Reverse()), to: ok["To"], callId: "a-call")
            : bob.Request("BYE", $"sip:alice@{alice.Local}", Routes(invite.Elements("Record-Route")), to: invite["From"], callId: "a-call", cseq: 1000)
                .Replace($"From: <sip:probe@example.com>;tag={bob.Local.Port}", "From: <sip:bob@example.com>;tag=callee", StringComparison.Ordinal);
        await one.SendAsync(bye);
        await other.RespondAsync(await other.ExpectAsync("BYE"), 200, "OK");
        Assert.Equal(200, (await one.ExpectAsync()).Status);
    }

    private static string Routes(IEnumerable<string> values) => $"Route: {string.Join(", ", values)}\r\n";

    [GeneratedRegex("Committed ([0-9]+) changes")]
    private static partial Regex Committed();

    /// <summary>Keeps a window of registrations open on each probe; every tenth acknowledged one is removed again.</summary>
    private sealed class Storming
    {
        private int _answered;

        public int Answered => Volatile.Read(ref _answered);

        /// <summary>Users whose binding was acknowledged, and whose removal was never asked for.</summary>
        public ConcurrentBag<string> Bound { get; } = [];

        /// <summary>Users whose removal was acknowledged.</summary>
        public ConcurrentBag<string> Unbound { get; } = [];

        public async Task RunAsync(SipProbe probe, string prefix)
        {
            var next = 0;
            try
            {
                for (; next < Window; next++)
                {
                    await probe.SendAsync(probe.Register($"{prefix}-{next}", cseq: 1));
                }

                while (await probe.NextAsync() is { } answer)
                {
                    if (answer.Status != 200)
                    {
                        continue;
                    }

                    Interlocked.Increment(ref _answered);
                    var user = answer["To"]!.Split(':', '@')[1];
                    var number = int.Parse(user.Split('-')[1], CultureInfo.InvariantCulture);
                    var isRemoval = answer["CSeq"]!.StartsWith("2 ", StringComparison.Ordinal);
                    if (isRemoval)
                    {
                        Unbound.Add(user);
                    }
                    else if (number % 10 == 0)
                    {
                        await probe.SendAsync(probe.Register(user, expires: 0, cseq: 2));
                        continue;
                    }
                    else
                    {
                        Bound.Add(user);
                    }

                    await probe.SendAsync(probe.Register($"{prefix}-{next++}", cseq: 1));
                }
            }
            catch (Exception exception) when (exception is System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                // The server was killed.
            }
        }
    }
}

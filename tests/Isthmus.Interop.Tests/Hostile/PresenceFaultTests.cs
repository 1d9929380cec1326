// SPDX-License-Identifier: Apache-2.0
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;
using Isthmus.Testing;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>Presence on real sockets, when something is wrong with those who watch, those who publish, or what they say.</summary>
public sealed class PresenceFaultTests
{
    private const int Flood = 2000;
    private const int MostAsked = 100;
    private const string Probe = "sip:probe@example.com";

    /// <summary>Each is refused in words of its own or composed as nothing, at once, and none of it ends or fattens the server.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_OfWhatIsNoPresence_IsRefused(bool tcp)
    {
        await using var server = await IsthmusServer.StartAsync();
        using var probe = await RegisteredAsync(server, IpVersion.V6, tcp);
        var laughs = string.Concat(Enumerable.Range(1, 12).Select(i => $"<!ENTITY l{i} \"{string.Concat(Enumerable.Repeat($"&l{i - 1};", 10))}\">"));
        (string Body, int Status)[] bodies =
        [
            ("", 400), ("hello", 400), ("<presence", 400), ("<presence/>", 400), ("{\"basic\":\"open\"}", 400), ("\0\u0001\u0002", 400),
            ($"<?xml version=\"1.0\"?><!DOCTYPE presence [<!ENTITY l0 \"ha\">{laughs}]>{Presence("&l12;")}", 400),
            ($"<!DOCTYPE presence SYSTEM \"file:///etc/passwd\">{Presence("here")}", 400),
            ($"<!DOCTYPE presence [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>{Presence("&f;")}", 400),
            (Presence(string.Concat(Enumerable.Repeat("<a>", 1000)) + string.Concat(Enumerable.Repeat("</a>", 1000))), 400),
            (Presence(new string('x', 20_000)), 413),
            (Presence("here") + Presence("twice"), 400),
            (Presence("here")[..^3], 400),
            (Presence("here").Replace("open", "unknown", StringComparison.Ordinal), 200), // as baresip says before it knows
            (Presence("here"), 200),
        ];
        foreach (var (body, status) in bodies)
        {
            var answer = await probe.AskAsync(Publish(probe, body));
            Assert.True(answer.Status == status, $"{answer.FirstLine}\nwas said to\n{body[..Math.Min(body.Length, 300)]}");
        }

        Assert.True(server.ResidentKilobytes < 400_000, $"{server.ResidentKilobytes} kB");
        Assert.Equal(415, (await probe.AskAsync(Publish(probe, Presence("here")).Replace("application/pidf+xml", "text/plain", StringComparison.Ordinal))).Status);
    }

    /// <summary>A flood of publications is answered, each, and costs watchers a NOTIFY in each interval; the last state is the one that they know in the end.</summary>
    [Fact]
    public async Task Publish_InAFlood_WatchersAreToldTheLastStateAndNotEach()
    {
        await using var server = await IsthmusServer.StartAsync(new() { Further = "[presence]\nnotify-interval = 1" });
        using var probe = await RegisteredAsync(server, IpVersion.V4, tcp: true);
        using var watcher = await RegisteredAsync(server, IpVersion.V6, tcp: false);
        await watcher.SendAsync(Subscribe(watcher, Probe));
        var told = await NotifiedAsync(watcher);

        var tag = (await probe.AskAsync(Publish(probe, Presence("state 0"))))["SIP-ETag"]!;
        for (var i = 1; i <= Flood; i++)
        {
            var answer = await probe.AskAsync(Publish(probe, Presence($"state {i}"), $"SIP-If-Match: {tag}\r\n"));
            Assert.Equal(200, answer.Status);
            tag = answer["SIP-ETag"]!;
        }

        var notifications = 0;
        while (!told.Body.Contains($"state {Flood}<", StringComparison.Ordinal))
        {
            told = await NotifiedAsync(watcher);
            notifications++;
        }

        Assert.True(notifications < Flood / 4, $"{notifications} NOTIFYs");
        Assert.Equal(412, (await probe.AskAsync(Publish(probe, Presence("stale"), "SIP-If-Match: nothing\r\n"))).Status);
    }

    /// <summary>Who asks for a user that does not exist sees what he sees of one who is not there: the same status, the same fields, the same document.</summary>
    [Fact]
    public async Task Subscribe_ToNobody_LooksLikeAUserWhoIsNotThere()
    {
        await using var server = await IsthmusServer.StartAsync();
        using var probe = await RegisteredAsync(server, IpVersion.V4, tcp: false);
        Assert.Equal(200, (await probe.AskAsync(probe.Register("alice"))).Status);
        Assert.Equal(200, (await probe.AskAsync(probe.Register("alice", expires: 0, cseq: 99))).Status);

        var known = await SeenAsync("alice");
        Assert.Equal(known, await SeenAsync("nobody"));
        Assert.Contains("200", known, StringComparison.Ordinal);

        // What both show, without what differs between any two subscriptions: identifiers, and the user who was asked for.
        async Task<string> SeenAsync(string user)
        {
            var request = Subscribe(probe, $"sip:{user}@example.com");
            await probe.SendAsync(request);
            var answer = await probe.ExpectAsync();
            var notify = await NotifiedAsync(probe);
            return string.Join('\n', $"{answer.Text}\n{notify.Text}".Replace(user, "USER", StringComparison.Ordinal).Split("\r\n")
                .Where(line => !((string[])["Via:", "Call-ID:", "CSeq:", "To:", "From:", "Date:", "Content-Length:"]).Any(name => line.StartsWith(name, StringComparison.Ordinal))));
        }
    }

    /// <summary>A watcher whose socket is closed is forgotten when the next NOTIFY comes back as ICMP, or finds no connection (RFC 6665 §4.2.2).</summary>
    [Theory]
    [InlineData(IpVersion.V4, false)]
    [InlineData(IpVersion.V6, false)]
    [InlineData(IpVersion.V6, true)]
    public async Task Watcher_ThatHasGone_IsForgotten(IpVersion version, bool tcp)
    {
        await using var server = await IsthmusServer.StartAsync(new() { Further = "[presence]\nnotify-interval = 1" });
        using var probe = await RegisteredAsync(server, IpVersion.V4, tcp: false);
        using (var watcher = await RegisteredAsync(server, version, tcp))
        {
            await watcher.SendAsync(Subscribe(watcher, Probe));
            await NotifiedAsync(watcher);
            Assert.Contains(Probe, await server.ShowAsync("subscriptions"), StringComparison.Ordinal);
        }

        Assert.Equal(200, (await probe.AskAsync(Publish(probe, Presence("changed")))).Status);
        string shown;
        var asked = 0;
        do
        {
            shown = await server.ShowAsync("subscriptions");
        }
        while (shown.Contains(Probe, StringComparison.Ordinal) && ++asked < MostAsked);

        Assert.DoesNotContain(Probe, shown, StringComparison.Ordinal);
    }

    private static async Task<SipProbe> RegisteredAsync(IsthmusServer server, IpVersion version, bool tcp)
    {
        var probe = await SipProbe.ToAsync(server.EndPoint(version), tcp);
        Assert.Equal(200, (await probe.AskAsync(probe.Register("probe"))).Status);
        return probe;
    }

    private static string Publish(SipProbe probe, string body, string headers = "") =>
        probe.Request("PUBLISH", Probe, $"Event: presence\r\nExpires: 300\r\n{headers}Content-Type: application/pidf+xml\r\n", body);

    private static string Subscribe(SipProbe probe, string uri) =>
        probe.Request("SUBSCRIBE", uri, $"Event: presence\r\nExpires: 300\r\nAccept: application/pidf+xml\r\nContact: <sip:probe@{probe.Local}>\r\n");

    private static async Task<RawMessage> NotifiedAsync(SipProbe watcher)
    {
        var notify = await watcher.ExpectAsync("NOTIFY");
        await watcher.RespondAsync(notify, 200, "OK");
        return notify;
    }

    private static string Presence(string note) => $"""
        <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="{Probe}"><tuple id="a"><status><basic>open</basic></status><note>{note}</note></tuple></presence>
        """;
}

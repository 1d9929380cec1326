// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>SIGTERM: what is in flight is answered, what is new is sent elsewhere, and the exit code is 0.</summary>
public sealed class StopTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sigterm_WithACallThatRings_AnswersItThenEndsWithZeroAndStartsAgain(bool tcp)
    {
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Further = "drain-time = 15" });
        using var bob = await SipProbe.ToAsync(server.EndPoint(IpVersion.V6), tcp);
        using var alice = await SipProbe.ToAsync(server.EndPoint(IpVersion.V4), tcp);
        using var carol = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        Assert.Equal(200, (await bob.AskAsync(bob.Register("bob"))).Status);
        await alice.SendAsync(alice.Request("INVITE", "sip:bob@example.com", $"Contact: <sip:alice@{alice.Local}>\r\n"));
        var invite = await bob.ExpectAsync("INVITE");
        await bob.RespondAsync(invite, 180, "Ringing");

        await server.AskToStopAsync();
        await Eventually.IsTrue(() => Refused(carol), "new requests are refused");
        await bob.RespondAsync(invite, 200, "OK");
        Assert.Equal(200, (await alice.ExpectAsync()).Status);
        var answered = Stopwatch.GetTimestamp();
        Assert.Equal(0, await server.ExitAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(answered), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Contains("everything was answered", server.Output.Text, StringComparison.Ordinal);

        await server.StartAgainAsync();
        Assert.Contains("sip:bob@example.com", await server.ShowAsync("bindings", json: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_WithACallThatNobodyAnswers_EndsWithZeroAfterTheDrainTimeAndTellsBothSides()
    {
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Further = "drain-time = 4" });
        using var bob = SipProbe.Udp(server.EndPoint(IpVersion.V6));
        using var alice = SipProbe.Udp(server.EndPoint(IpVersion.V4));
        Assert.Equal(200, (await bob.AskAsync(bob.Register("bob"))).Status);
        await alice.SendAsync(alice.Request("INVITE", "sip:bob@example.com", $"Contact: <sip:alice@{alice.Local}>\r\n"));
        await bob.RespondAsync(await bob.ExpectAsync("INVITE"), 180, "Ringing");

        var asked = Stopwatch.GetTimestamp();
        await server.AskToStopAsync();
        Assert.Equal(0, await server.ExitAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(12));
        Assert.Contains("the drain time ran out", server.Output.Text, StringComparison.Ordinal);
        var answer = await alice.ExpectAsync();
        Assert.True(answer.Status == 503 && answer["Retry-After"] is not null, answer.ToString());
        await bob.ExpectAsync("CANCEL");
    }

    private static bool Refused(SipProbe probe)
    {
        probe.SendAsync(probe.Request("OPTIONS", "sip:example.com")).GetAwaiter().GetResult();
        return probe.Unread().Any(answer => answer.Status == 503 && answer["Retry-After"] is not null);
    }
}

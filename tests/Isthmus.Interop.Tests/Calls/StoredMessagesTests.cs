// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>Messages that were written while baresip or linphone was away: each is shown once, in order, by whichever IP version and transport it comes back.</summary>
public sealed class StoredMessagesTests
{
    private const int Messages = 5;

    [Theory]
    [InlineData(RealPhone.Baresip, IpVersion.V4, "udp")]
    [InlineData(RealPhone.Baresip, IpVersion.V6, "tcp")]
    [InlineData(RealPhone.Linphone, IpVersion.V6, "udp")]
    [InlineData(RealPhone.Linphone, IpVersion.V4, "tcp")]
    public async Task Messages_WhileItWasAway_AreShownOnceInOrderWhenItRegisters(string program, IpVersion version, string transport)
    {
        RealPhone.SkipUnlessInstalled(program);
        await using var server = await IsthmusServer.StartAsync();
        using var alice = SipProbe.Udp(server.EndPoint(version == IpVersion.V4 ? IpVersion.V6 : IpVersion.V4));
        var phone = new RealPhone(program, "bob") { Versions = [version], Transport = transport, Trace = true };
        await (await phone.StartAsync(server)).DisposeAsync(); // the server has seen him, and he is gone
        for (var i = 1; i <= Messages; i++)
        {
            Assert.Equal(202, (await alice.AskAsync(Message(alice, $"isthmus-{i}-kept"))).Status);
        }

        await using var bob = await phone.StartAsync(server);
        await alice.SendAsync(Message(alice, "isthmus-live"));
        Assert.True(await bob.ReceivesMessageAsync("isthmus-live"), bob.Output.Text);
        await Eventually.IsTrue(() => Kept(bob.Output.Text).Distinct().Count() == Messages, $"all messages are there. It said:\n{bob.Output.Text}");

        // What it was sent is what its trace shows, and what it shows to its user stands there besides.
        Assert.Equal(Enumerable.Range(1, Messages), Kept(bob.Output.Text).Distinct());
        Assert.Equal(Messages, bob.Output.Count(new Regex("^MESSAGE sip:bob")) - 1);
        await Eventually.IsTrue(() => Shown(bob.Output.Text).Count() == Messages, $"all messages are shown. It said:\n{bob.Output.Text}");
        Assert.Equal(Enumerable.Range(1, Messages), Shown(bob.Output.Text));
        Assert.DoesNotContain("sip:bob@example.com", await server.ShowAsync("messages"), StringComparison.Ordinal);

        IEnumerable<int> Shown(string said) => Numbers(said, program == RealPhone.Linphone ? @"essage received from.*isthmus-(\d)-kept" : @"^sip:probe@example\.com: .*isthmus-(\d)-kept");
    }

    private static IEnumerable<int> Kept(string said) => Numbers(said, @"isthmus-(\d)-kept");

    private static IEnumerable<int> Numbers(string said, string pattern) =>
        Regex.Matches(said, pattern, RegexOptions.Multiline).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));

    private static string Message(SipProbe probe, string text) => probe.Request("MESSAGE", "sip:bob@example.com", "Content-Type: text/plain\r\n", text);
}

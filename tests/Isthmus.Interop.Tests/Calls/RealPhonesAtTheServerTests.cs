// SPDX-License-Identifier: Apache-2.0
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>What baresip and linphone ask of a registrar and proxy beside calls: GRUU, preloaded routes, messages across versions.</summary>
public sealed class RealPhonesAtTheServerTests
{
    /// <summary>linphone's Contact in dialogs is the GRUU that the registrar gave it (RFC 5627): ACK and BYE must find it by that.</summary>
    [Fact]
    public async Task Linphone_WithAGruuAsItsContact_GetsAckAndBye()
    {
        Linphonec.SkipUnlessInstalled();
        await using var server = await IsthmusServer.StartAsync();
        await using var bob = await new RealPhone(RealPhone.Linphone, "bob") { Versions = [IpVersion.V4], Trace = true }.StartAsync(server);
        await using var alice = OurPhone.Calls(server, "sip:bob@example.com", "ipv4");
        Assert.Equal(IpVersion.V4, await alice.EstablishedAsync());
        Assert.NotNull(await bob.Output.FindAsync(new("^Contact: .*bob@example.com;gr=urn:uuid:"), 0, Eventually.Patience));
        Assert.NotNull(await bob.Output.FindAsync(new("^ACK sip:"), 0, Eventually.Patience));
        Assert.Equal(0, await alice.ExitAsync());
        await bob.ClosedAsync();
        Assert.NotNull(await bob.Output.FindAsync(new("^BYE sip:"), 0, Eventually.Patience));
    }

    /// <summary>Both put a Route to their outbound proxy into REGISTER and INVITE.</summary>
    [Theory, InlineData(RealPhone.Baresip), InlineData(RealPhone.Linphone)]
    public async Task Phone_WithAPreloadedRoute_RegistersAndCalls(string program)
    {
        RealPhone.SkipUnlessInstalled(program);
        await using var server = await IsthmusServer.StartAsync();
        await using var alice = OurPhone.Answers(server, "alice", "ipv4");
        await alice.RegisteredAsync(IpVersion.V4);
        await using var bob = await new RealPhone(program, "bob") { Versions = [IpVersion.V4], Trace = true }.StartAsync(server);
        await bob.DialAsync("sip:alice@example.com");
        await bob.EstablishedAsync();
        await Eventually.IsTrue(() => bob.Output.Count(new("^Route: <sip:127.0.0.1:")) >= 2, $"there is a Route in REGISTER and INVITE. It said:\n{bob.Output.Text}");
        await bob.HangUpAsync();
        Assert.Equal(0, await alice.ExitAsync());
    }

    /// <summary>FIG. 10: a MESSAGE is carried from one version to the other, and back.</summary>
    [Theory]
    [InlineData(RealPhone.Baresip, RealPhone.Linphone, "udp")]
    [InlineData(RealPhone.Linphone, RealPhone.Baresip, "udp")]
    [InlineData(RealPhone.Linphone, RealPhone.Baresip, "tcp")]
    public async Task Message_BetweenAnIpv6AndAnIpv4Phone_Arrives(string onIpv6, string onIpv4, string transport)
    {
        RealPhone.SkipUnlessInstalled(onIpv6);
        RealPhone.SkipUnlessInstalled(onIpv4);
        await using var server = await IsthmusServer.StartAsync();
        await using var carol = await new RealPhone(onIpv6, "carol") { Versions = [IpVersion.V6], Transport = transport, Contact = "sip:bob@example.com", Trace = true }.StartAsync(server);
        await using var bob = await new RealPhone(onIpv4, "bob") { Versions = [IpVersion.V4], Transport = transport, Contact = "sip:carol@example.com", Trace = true }.StartAsync(server);
        await carol.SendMessageAsync("sip:bob@example.com", "isthmus-one");
        Assert.True(await bob.ReceivesMessageAsync("isthmus-one"), bob.Output.Text);
        await bob.SendMessageAsync("sip:carol@example.com", "isthmus-two");
        Assert.True(await carol.ReceivesMessageAsync("isthmus-two"), carol.Output.Text);
    }
}

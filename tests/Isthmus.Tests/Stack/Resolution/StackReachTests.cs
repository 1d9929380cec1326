// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Isthmus.Tests.Stack.Transactions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Stack.Resolution;

public sealed class StackReachTests
{
    [Fact]
    public async Task Reach_OfAStack_IsThatOfItsListeners()
    {
        var time = new SimulatedTime();
        using var network = new MemoryNetwork(time);
        ListenerOptions[] listeners =
        [
            new() { Transport = SipTransport.Udp, Address = IPAddress.Parse("192.0.2.1") },
            new() { Transport = SipTransport.Udp, Address = IPAddress.Parse("2001:db8::1") },
            new() { Transport = SipTransport.Tcp, Address = IPAddress.Parse("192.0.2.1") },
        ];
        var options = new SipStackOptions { Transport = new TransportOptions { Listeners = listeners } };
        await using var stack = new SipStack(options, network.Host("here", "192.0.2.1", "2001:db8::1"), time, NullLoggerFactory.Instance);
        var reach = new StackReach(stack);
        Assert.Equal(IpVersions.None, reach.VersionsOf(SipTransport.Udp));

        stack.Start(new RecordingUser());

        Assert.Equal(
            [IpVersions.Both, IpVersions.V4, IpVersions.None],
            new[] { SipTransport.Udp, SipTransport.Tcp, SipTransport.Tls }.Select(reach.VersionsOf));
        Assert.Equal(IPAddress.Parse("2001:db8::1"), reach.SourceTowards(SipTransport.Udp, IPAddress.Parse("2001:db8::9")));
        Assert.Null(reach.SourceTowards(SipTransport.Tcp, IPAddress.Parse("2001:db8::9")));
    }
}

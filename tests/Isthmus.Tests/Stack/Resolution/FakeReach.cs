// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Resolution;

/// <summary>A machine with global addresses of both versions, and the listeners that it is told to have.</summary>
internal sealed class FakeReach : ILocalReach
{
    public Dictionary<SipTransport, IpVersions> Listeners { get; } = new() { [SipTransport.Udp] = IpVersions.Both, [SipTransport.Tcp] = IpVersions.Both };

    public Dictionary<IpVersion, IPAddress?> Sources { get; } = new() { [IpVersion.V4] = IPAddress.Parse("192.0.2.250"), [IpVersion.V6] = IPAddress.Parse("2001:db8::250") };

    public IpVersions VersionsOf(SipTransport transport) => Listeners.GetValueOrDefault(transport);

    public IPAddress? SourceTowards(SipTransport transport, IPAddress remote) => IPAddress.IsLoopback(remote) ? remote : Sources[remote.Version];
}

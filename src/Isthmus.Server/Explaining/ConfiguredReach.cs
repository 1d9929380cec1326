// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Explaining;

/// <summary>What a server with these listeners could send by on this host, without opening one.</summary>
internal sealed class ConfiguredReach(IReadOnlyList<ListenerOptions> listeners, INetwork network) : ILocalReach
{
    public IpVersions VersionsOf(SipTransport transport) => listeners
        .Where(listener => listener.Transport == transport && network.Supports(listener.Address.Version))
        .Aggregate(IpVersions.None, (versions, listener) => versions | listener.Address.Version.AsSet);

    public IPAddress? SourceTowards(SipTransport transport, IPAddress remote) => network.LocalAddressTowards(remote);
}

// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Hosting;

/// <summary>The addresses behind wildcard listeners.</summary>
internal interface ILocalAddresses
{
    bool Contains(IPAddress address);
}

/// <summary>The addresses of a network that cannot be listed: what is reached from itself is local.</summary>
internal sealed class RoutedAddresses(INetwork network) : ILocalAddresses
{
    public bool Contains(IPAddress address) => address.Equals(network.LocalAddressTowards(address));
}

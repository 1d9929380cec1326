// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>What the listeners of a stack reach.</summary>
/// <param name="stack">The stack; listeners that open later count too.</param>
public sealed class StackReach(SipStack stack) : ILocalReach
{
    /// <inheritdoc/>
    public IpVersions VersionsOf(SipTransport transport) =>
        stack.Listeners.Where(listener => listener.Transport == transport).Aggregate(IpVersions.None, (versions, listener) => versions | listener.Version.AsSet);

    /// <inheritdoc/>
    public IPAddress? SourceTowards(SipTransport transport, IPAddress remote) =>
        stack.FlowTowards(new Target(transport, new IPEndPoint(remote, transport.DefaultPort)))?.Local.Address;
}

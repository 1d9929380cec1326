// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>Where a request is sent.</summary>
/// <param name="Transport">The transport.</param>
/// <param name="EndPoint">The address, which decides the IP version, and the port.</param>
/// <param name="Flow">A known path there (RFC 5626), taken while it is alive; else a new one is found.</param>
public sealed record Target(SipTransport Transport, IPEndPoint EndPoint, Flow? Flow = null)
{
    /// <summary>Back along a flow.</summary>
    public static Target Of(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return new Target(flow.Transport, flow.Remote, flow);
    }
}

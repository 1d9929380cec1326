// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Server.Registrar;

/// <summary>Flows without a network.</summary>
internal static class TestFlow
{
    public static Flow Of(SipTransport transport, IpVersion version, int port)
    {
        bool isV4 = version == IpVersion.V4;
        var local = new IPEndPoint(IPAddress.Parse(isV4 ? "192.0.2.1" : "2001:db8::1"), 5060);
        var listener = new Listener(new ListenerOptions { Transport = transport, Address = local.Address, Port = local.Port });
        return new Flow(listener, local, new IPEndPoint(IPAddress.Parse(isV4 ? "192.0.2.7" : "2001:db8::7"), port));
    }
}

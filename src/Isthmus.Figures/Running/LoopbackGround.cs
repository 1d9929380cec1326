// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Figures;

/// <summary>Every node on 127.0.0.1 and ::1 of this host, with real sockets and real time.</summary>
public sealed class LoopbackGround : IFigureGround
{
    private readonly SystemNetwork _network = new();

    /// <inheritdoc/>
    public TimeProvider Time => TimeProvider.System;

    /// <inheritdoc/>
    public INetwork NetworkOf(string node, IpVersions has) => _network;

    /// <inheritdoc/>
    public IPAddress AddressOf(string node, IpVersion version) => version == IpVersion.V4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
}

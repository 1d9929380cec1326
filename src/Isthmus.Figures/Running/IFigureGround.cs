// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Figures;

/// <summary>What a figure is run on: the networks of its nodes, their addresses, and the time. Loopback sockets, a network in memory, or namespaces.</summary>
public interface IFigureGround
{
    /// <summary>The time of this ground.</summary>
    TimeProvider Time { get; }

    /// <summary>The network of a node that has these versions.</summary>
    INetwork NetworkOf(string node, IpVersions has);

    /// <summary>The node's address of that version.</summary>
    IPAddress AddressOf(string node, IpVersion version);
}

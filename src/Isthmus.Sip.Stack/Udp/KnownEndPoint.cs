// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>A sender whose endpoint is kept, and with it the flow that its last datagram came by: the next one needs no search.</summary>
internal sealed class KnownEndPoint(IPEndPoint endPoint) : IPEndPoint(endPoint.Address, endPoint.Port)
{
    /// <summary>Null: none came yet. A reference that is read and written whole, from any thread.</summary>
    public Flow? LastFlow { get; set; }
}

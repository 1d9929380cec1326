// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>A sender whose endpoint is kept, and with it the flow that its last datagram came by: the next one needs no search.</summary>
/// <param name="endPoint">The endpoint.</param>
/// <param name="native">The same as Linux writes it.</param>
internal sealed class KnownEndPoint(IPEndPoint endPoint, in NativeKey native) : IPEndPoint(endPoint.Address, endPoint.Port)
{
    private readonly NativeKey _native = native;

    /// <summary>The same as Linux writes it.</summary>
    public ref readonly NativeKey Native => ref _native;

    /// <summary>Null: none came yet. A reference that is read and written whole, from any thread.</summary>
    public Flow? LastFlow { get; set; }
}

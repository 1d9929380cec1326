// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>What one device has published (RFC 3903).</summary>
/// <param name="EntityTag">Names it until it is published anew; never zero.</param>
/// <param name="Body">The body as it came, for the store; empty where nothing is kept.</param>
/// <param name="State">What the package made of the body (<see cref="IEventPackage.ReadPublished"/>).</param>
/// <param name="ExpiresAt">When it ends, in milliseconds since 1970.</param>
internal sealed record Publication(ulong EntityTag, byte[] Body, object State, long ExpiresAt)
{
    /// <summary>How many octets the body had.</summary>
    public int Length { get; init; }

    /// <summary>Its place among those of its user: of what was said later it is a larger number.</summary>
    public long Place { get; init; }

    /// <summary>Ends it.</summary>
    public WheelTimer Timer { get; set; }
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>How much of a body is read before it is refused. What exceeds a limit gives a <see cref="BodyFault"/>.</summary>
public sealed record BodyLimits
{
    /// <summary>The limits that hold when none are given.</summary>
    public static BodyLimits Default { get; } = new();

    /// <summary>Largest body, in bytes.</summary>
    public int MaxBytes { get; init; } = 65_536;

    /// <summary>How deep elements may lie in one another; the root is 1 deep.</summary>
    public int MaxDepth { get; init; } = 16;

    /// <summary>Most elements and attributes of an XML document, together; most lines, parts or resources of what is not XML.</summary>
    public int MaxElements { get; init; } = 4_000;
}

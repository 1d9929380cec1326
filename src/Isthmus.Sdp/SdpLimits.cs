// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sdp;

/// <summary>How much of a session description is read before it is refused. What exceeds a limit gives an <see cref="SdpFault"/>.</summary>
public sealed record SdpLimits
{
    /// <summary>The limits that hold when none are given.</summary>
    public static SdpLimits Default { get; } = new();

    /// <summary>Largest body, in bytes.</summary>
    public int MaxBytes { get; init; } = 65_536;

    /// <summary>Most lines in a body.</summary>
    public int MaxLines { get; init; } = 2_000;

    /// <summary>Most media lines (<c>m=</c>).</summary>
    public int MaxMedia { get; init; } = 64;

    /// <summary>Most formats in one media line.</summary>
    public int MaxFormats { get; init; } = 256;
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sdp;

/// <summary>An attribute, <c>a=name</c> or <c>a=name:value</c> (RFC 8866 §5.13).</summary>
/// <param name="Name">The name; case counts.</param>
/// <param name="Value">What follows the colon; null when there is none.</param>
public readonly record struct SdpAttribute(string Name, string? Value = null)
{
    /// <summary>Splits the value of an <c>a=</c> line.</summary>
    public static SdpAttribute Of(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(line) : new(line[..colon], line[(colon + 1)..]);
    }

    /// <summary>The attribute as a line.</summary>
    public SdpLine ToLine() => new('a', ToString());

    /// <inheritdoc/>
    public override string ToString() => Value is null ? Name : $"{Name}:{Value}";
}

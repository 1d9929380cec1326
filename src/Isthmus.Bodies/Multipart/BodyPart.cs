// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>A part of a body that has several (RFC 2046 §5.1).</summary>
/// <param name="ContentType">Its media type, with parameters as they stand; <c>text/plain</c> when the part does not say.</param>
/// <param name="Content">Its octets.</param>
public sealed record BodyPart(string ContentType, ReadOnlyMemory<byte> Content)
{
    /// <summary>What names it, without the brackets around; null when it has no name (RFC 2392).</summary>
    public string? ContentId { get; init; }
}

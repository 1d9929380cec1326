// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>Documents that count the notifications of a subscription: they come with an empty <c>version</c>, in which the framework puts the number.</summary>
internal static class CountedDocument
{
    private static ReadOnlySpan<byte> Empty => " version=\"\""u8;

    /// <summary>A state of such a document.</summary>
    /// <param name="octets">The document; only its root, which comes first, has an empty version.</param>
    /// <param name="contentType">Its media type where that is not the package's.</param>
    public static StateDocument Of(byte[] octets, string? contentType = null) =>
        new(octets, octets.AsSpan().IndexOf(Empty) + Empty.Length - 1) { ContentType = contentType };
}

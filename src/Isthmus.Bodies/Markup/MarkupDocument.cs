// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>From octets to a document and back, the same for all documents that are XML.</summary>
internal static class MarkupDocument
{
    public static bool TryParse<T>(ReadOnlySpan<byte> body, BodyLimits? limits, [NotNullWhen(true)] out T? document, [NotNullWhen(false)] out BodyFault? fault)
        where T : class, IMarkupDocument<T>
    {
        document = MarkupReader.TryRead(body, limits ?? BodyLimits.Default, out var root, out fault) ? T.Read(root, out fault) : null;
        return document is not null;
    }

    public static void Write<T>(T document, IBufferWriter<byte> output)
        where T : class, IMarkupDocument<T>
    {
        var writer = new MarkupWriter(output);
        document.Write(ref writer);
    }

    public static byte[] Octets<T>(T document)
        where T : class, IMarkupDocument<T>
    {
        using var output = new MarkupBuffer();
        Write(document, output);
        return output.Written.ToArray();
    }

    /// <summary>What is wrong with a root that is not the one of such a document.</summary>
    public static BodyFault? WrongRoot(MarkupElement root, string ns, string name, string kind) => root.Is(ns, name) ? null : new(0, $"this is not {kind}");
}

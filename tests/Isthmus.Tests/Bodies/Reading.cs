// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

/// <summary>Reads documents out of the text of a test.</summary>
internal static class Reading
{
    public delegate bool Reader<T>(ReadOnlySpan<byte> body, out T? document, out BodyFault? fault, BodyLimits? limits);

    public static T Document<T>(Reader<T> reader, string text)
        where T : class
    {
        Assert.True(reader(Encoding.UTF8.GetBytes(text), out var document, out var fault, null), fault?.ToString());
        return document!;
    }

    public static string Fault<T>(Reader<T> reader, string text)
        where T : class
    {
        Assert.False(reader(Encoding.UTF8.GetBytes(text), out var document, out var fault, null));
        Assert.Null(document);
        return fault!.ToString();
    }

    /// <summary>What is written is read and written again as the same.</summary>
    public static T RoundTrip<T>(Reader<T> reader, T document, Func<T, byte[]> toBytes)
        where T : class
    {
        byte[] written = toBytes(document);
        var again = Document(reader, Encoding.UTF8.GetString(written));
        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(toBytes(again)));
        return again;
    }
}

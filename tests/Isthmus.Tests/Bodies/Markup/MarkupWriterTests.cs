// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using CsCheck;
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class MarkupWriterTests
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n";

    [Fact]
    public void Element_WithoutContent_IsOneTag() => Assert.Equal("<a/>", Written(static (ref writer) =>
    {
        writer.Begin("a"u8);
        writer.End("a"u8);
    }));

    [Fact]
    public void Attribute_NullAndNumbers_AreLeftOutAndWritten() => Assert.Equal("<a b=\"-12\" d=\"x\"><e>7</e></a>", Written(static (ref writer) =>
    {
        writer.Begin("a"u8);
        writer.Attribute("b"u8, -12);
        writer.Attribute("c"u8, (string?)null);
        writer.Attribute("d"u8, "x"u8);
        writer.Element("e"u8, 7);
        writer.Element("f"u8, (string?)null);
        writer.End("a"u8);
    }));

    [Fact]
    public void Text_WithMarkup_IsEscaped() => Assert.Equal("<a b=\"&lt;&amp;&gt;&quot;'&#9;&#10;&#13;\">&lt;&amp;&gt;\"'\t\n&#13;\uFFFD\uFFFD</a>", Written(static (ref writer) =>
    {
        writer.Begin("a"u8);
        writer.Attribute("b"u8, "<&>\"'\t\n\r");
        writer.Text("<&>\"'\t\n\r\u0001\uD800");
        writer.End("a"u8);
    }));

    [Fact]
    public void Element_ThatWasRead_IsReadAgainAsTheSame()
    {
        const string Text = """<a xmlns="urn:a" b="1" xml:lang="en" xmlns:q="urn:q" q:c="2">t<b xmlns="urn:b"><c/></b><d xmlns=""/></a>""";
        Assert.True(MarkupReader.TryRead(Encoding.UTF8.GetBytes(Text), BodyLimits.Default, out var root, out _));
        string written = Written((ref writer) => writer.Element(root));
        Assert.True(MarkupReader.TryRead(Encoding.UTF8.GetBytes(written), BodyLimits.Default, out var again, out var fault), fault?.ToString());
        Assert.Equal(written, Written((ref writer) => writer.Element(again)));
        Assert.Equal("""<a xmlns="urn:a" b="1" xml:lang="en" xmlns:a1="urn:q" a1:c="2">t<b xmlns="urn:b"><c/></b><d xmlns=""/></a>""", written);
    }

    [Fact]
    public void Text_Anything_IsXmlAndReadAgain() =>
        Gen.Select(Gen.String, Gen.String).Sample((value, text) =>
        {
            string written = Written((ref writer) =>
            {
                writer.Begin("a"u8);
                writer.Attribute("b"u8, value);
                writer.Text(text);
                writer.End("a"u8);
            });
            Assert.True(MarkupReader.TryRead(Encoding.UTF8.GetBytes(written), BodyLimits.Default, out var root, out var fault), fault?.ToString());
            Assert.Equal(value.Length, root.Attribute("b")!.Length);
        });

    private delegate void Writing(ref MarkupWriter writer);

    private static string Written(Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MarkupWriter(output);
        write(ref writer);
        string text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.StartsWith(Declaration, text, StringComparison.Ordinal);
        return text[Declaration.Length..];
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class MarkupReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("v=0\r\no=- 0 0 IN IP4 192.0.2.1\r\n")]
    [InlineData("<a>")]
    [InlineData("<a></b>")]
    [InlineData("<a/><b/>")]
    [InlineData("<a x='1' x='2'/>")]
    [InlineData("<p:a/>")]
    [InlineData("<a>&nothing;</a>")]
    [InlineData("<a>\u0001</a>")]
    [InlineData("<?xml version='1.0' encoding='nonsense'?><a/>")]
    public void TryRead_NotXml_IsAFault(string body)
    {
        Assert.False(TryRead(body, out var root, out var fault));
        Assert.Null(root);
        Assert.Equal("this is not XML", fault!.Reason);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><a>&c;</a>")]
    [InlineData("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>")]
    [InlineData("<!DOCTYPE a><a/>")]
    public void TryRead_DocumentType_IsAFault(string body)
    {
        Assert.False(TryRead(body, out _, out var fault));
        Assert.Equal("a document type is not allowed", fault!.Reason);
    }

    [Fact]
    public void TryRead_DeeperThanAllowed_IsAFault()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));
        Assert.True(TryRead(Nested(16), out _, out _));
        Assert.False(TryRead(Nested(17), out _, out var fault));
        Assert.Equal("elements lie deeper than allowed", fault!.Reason);
    }

    [Fact]
    public void TryRead_MoreElementsThanAllowed_IsAFault()
    {
        string Wide(int count) => $"<a>{string.Concat(Enumerable.Repeat("<b/>", count - 1))}</a>";
        Assert.True(TryRead(Wide(4_000), out _, out _));
        Assert.False(TryRead(Wide(4_001), out _, out var fault));
        Assert.Equal("there are more elements than allowed", fault!.Reason);
    }

    [Fact]
    public void TryRead_AttributesCountAsElements_IsAFault()
    {
        string body = $"<a {string.Concat(Enumerable.Range(0, 4_000).Select(static number => $"b{number}='' "))}/>";
        Assert.False(TryRead(body, out _, out var fault));
        Assert.Equal("there are more elements than allowed", fault!.Reason);
    }

    [Fact]
    public void TryRead_LargerThanAllowed_IsAFault()
    {
        string Large(int size) => $"<a>{new string(' ', size - 7)}</a>";
        Assert.True(TryRead(Large(65_536), out _, out _));
        Assert.False(TryRead(Large(65_537), out _, out var fault));
        Assert.Equal("the body is larger than allowed", fault!.Reason);
    }

    [Fact]
    public void TryRead_FaultInLine3_SaysSo()
    {
        Assert.False(TryRead("<a>\n<b/>\n<c></a>", out _, out var fault));
        Assert.Equal("line 3: this is not XML", fault!.ToString());
    }

    [Fact]
    public void TryRead_Document_HasNamesTextAndAttributes()
    {
        Assert.True(TryRead(
            """<?xml version="1.0"?><!-- c --><p:a xmlns:p="urn:p" xmlns="urn:d" x="&lt;1&#38;" p:y="2"> one <b><![CDATA[<&>]]></b> two<?pi?> </p:a>""", out var root, out _));
        Assert.True(root!.Is("urn:p", "a"));
        Assert.Equal([new("", "x", "<1&"), new("urn:p", "y", "2")], root.Attributes);
        Assert.Equal("one  two", root.Text);
        Assert.Equal("<&>", root.TextOf("urn:d", "b"));
        Assert.Null(root.Child("urn:p", "b"));
    }

    [Fact]
    public void TryRead_Utf16AndLatin1_AreRead()
    {
        byte[] latin = Encoding.Latin1.GetBytes("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>");
        byte[] wide = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<a>é</a>")];
        foreach (byte[] body in new[] { latin, wide })
        {
            Assert.True(MarkupReader.TryRead(body, BodyLimits.Default, out var root, out _));
            Assert.Equal("é", root.Text);
        }
    }

    private static bool TryRead(string body, out MarkupElement? root, out BodyFault? fault) =>
        MarkupReader.TryRead(Encoding.UTF8.GetBytes(body), BodyLimits.Default, out root, out fault);
}

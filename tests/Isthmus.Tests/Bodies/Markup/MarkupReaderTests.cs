// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using CsCheck;
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
    [InlineData("<?xml version='1.1'?><a/>")]
    [InlineData("<?xml encoding='UTF-8'?><a/>")]
    [InlineData(" <?xml version='1.0'?><a/>")]
    [InlineData("<a><?xml version='1.0'?></a>")]
    [InlineData("<?xml version='1.0'?>")]
    [InlineData("<a/>text")]
    [InlineData("text<a/>")]
    [InlineData("<a>]]></a>")]
    [InlineData("<a><![CDATA[</a>")]
    [InlineData("<![CDATA[x]]><a/>")]
    [InlineData("<a><!-- -- --></a>")]
    [InlineData("<a><!-- </a>")]
    [InlineData("<a><?pi </a>")]
    [InlineData("<a><??></a>")]
    [InlineData("<a b='<'/>")]
    [InlineData("<a b=1/>")]
    [InlineData("<a b/>")]
    [InlineData("<a b=''c=''/>")]
    [InlineData("<a b='1")]
    [InlineData("<a")]
    [InlineData("<")]
    [InlineData("</")]
    [InlineData("</a>")]
    [InlineData("<a></a >x")]
    [InlineData("<a></a b>")]
    [InlineData("< a/>")]
    [InlineData("<1a/>")]
    [InlineData("<a:b:c xmlns:a='urn:a'/>")]
    [InlineData("<a:/>")]
    [InlineData("<:a/>")]
    [InlineData("<a p:b=''/>")]
    [InlineData("<a xmlns:p=''/>")]
    [InlineData("<a xmlns:xml='urn:x'/>")]
    [InlineData("<a xmlns:xmlns='urn:x'/>")]
    [InlineData("<a xmlns='urn:x' xmlns='urn:x'/>")]
    [InlineData("<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='' q:b=''/>")]
    [InlineData("<a>&amp</a>")]
    [InlineData("<a>&#0;</a>")]
    [InlineData("<a>&#xD800;</a>")]
    [InlineData("<a>&#x110000;</a>")]
    [InlineData("<a>&#99999999999;</a>")]
    [InlineData("<a>&#x;</a>")]
    [InlineData("<a>\uFFFF</a>")]
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
        string attributes = string.Concat(Enumerable.Range(0, 50).Select(static number => $"b{number}='' "));
        string Wide(int count) => $"<a>{string.Concat(Enumerable.Repeat($"<b {attributes}/>", count))}</a>";
        Assert.True(TryRead(Wide(78), out _, out _));
        Assert.False(TryRead(Wide(79), out _, out var fault));
        Assert.Equal("there are more elements than allowed", fault!.Reason);
    }

    [Theory]
    [InlineData("b{0}='' ", 64)]
    [InlineData("xmlns:b{0}='urn:b' ", 64)]
    public void TryRead_MoreAttributesThanAnybodyWrites_IsAFault(string attribute, int most)
    {
        string With(int count) => $"<a {string.Concat(Enumerable.Range(0, count).Select(number => string.Format(CultureInfo.InvariantCulture, attribute, number)))}/>";
        Assert.True(TryRead(With(most), out _, out _));
        Assert.False(TryRead(With(most + 1), out _, out _));
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

    [Theory]
    [InlineData("<?xml version='1.0' encoding='nonsense'?><a/>")]
    [InlineData("<?xml version='1.0' encoding='utf-16'?><a/>")]
    public void TryRead_OtherCharset_IsAFault(string body)
    {
        Assert.False(TryRead(body, out _, out var fault));
        Assert.Equal("the charset is not UTF-8", fault!.Reason);
    }

    [Fact]
    public void TryRead_Latin1AndByteOrderMark_AreRead()
    {
        byte[] latin = Encoding.Latin1.GetBytes("<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>");
        byte[] marked = [0xEF, 0xBB, 0xBF, .. "<?xml version=\"1.0\" encoding=\"utf-8\" standalone='yes' ?>\n<a>é</a>"u8];
        foreach (byte[] body in new[] { latin, marked })
        {
            Assert.True(MarkupReader.TryRead(body, BodyLimits.Default, out var root, out _));
            Assert.Equal("é", root.Text);
        }
    }

    [Fact]
    public void TryRead_NotUtf8_IsAFault()
    {
        Assert.False(MarkupReader.TryRead([.. "<a>"u8, 0xC3, .. "</a>"u8], BodyLimits.Default, out _, out var fault));
        Assert.Equal("this is not XML", fault.Reason);
    }

    [Fact]
    public void TryRead_References_AreResolved()
    {
        Assert.True(TryRead("<a b='&lt;&quot;&#x1F600;&#9;\t\r\n'>&lt;&gt;&amp;&apos;&quot;&#65;\r\n&#13;x</a>", out var root, out var fault), fault?.ToString());
        Assert.Equal("<\"😀\t  ", root!.Attribute("b"));
        Assert.Equal("<>&'\"A\n\rx", root.Text);
    }

    [Fact]
    public void TryRead_Namespaces_HoldWhereTheyAreDeclared()
    {
        Assert.True(TryRead("<a xmlns='urn:1' xmlns:p='urn:2'><b xmlns='' p:x='1' x='2' xml:lang='en'><p:c xmlns:p='urn:3'/></b><p:c/><d/></a>", out var root, out _));
        Assert.True(root!.Is("urn:1", "a"));
        Assert.True(root.Children[0].Is("", "b"));
        Assert.Equal(("1", "2", "en"), (root.Children[0].Attribute("urn:2", "x"), root.Children[0].Attribute("x"), root.Children[0].Attribute("http://www.w3.org/XML/1998/namespace", "lang")));
        Assert.True(root.Children[0].Children[0].Is("urn:3", "c"));
        Assert.True(root.Children[1].Is("urn:2", "c"));
        Assert.True(root.Children[2].Is("urn:1", "d"));
    }

    [Fact]
    public void TryRead_WhatTheFrameworkReads_IsReadTheSame()
    {
        var names = Gen.Int[0, 4].Select(static number => new[] { "a", "b", "p:a", "q-1", "_x" }[number]);
        var text = Gen.String[Gen.Char["ab <>&\"'\t\n\u00e9\u20ac"], 0, 8];
        var tree = Gen.Recursive<XElement>((depth, element) =>
            from name in names
            from value in text
            from before in text
            from children in depth > 3 ? Gen.Const(Array.Empty<XElement>()) : element.Array[0, 3]
            from after in text
            select new XElement(name.StartsWith("p:", StringComparison.Ordinal) ? XName.Get(name[2..], "urn:p") : name, new XAttribute("v", value), before, children, after));
        tree.Sample(element =>
        {
            Assert.True(TryRead(element.ToString(SaveOptions.DisableFormatting), out var read, out var fault), fault?.ToString());
            Same(element, read!);
        });
    }

    private static void Same(XElement expected, MarkupElement actual)
    {
        Assert.Equal((expected.Name.NamespaceName, expected.Name.LocalName), (actual.Namespace, actual.Name));
        Assert.Equal(expected.Attribute("v")!.Value, actual.Attribute("v"));
        Assert.Equal(string.Concat(expected.Nodes().OfType<XText>().Select(static text => text.Value)).Trim(), actual.Text);
        Assert.Equal(expected.Elements().Count(), actual.Children.Length);
        foreach (var (one, other) in expected.Elements().Zip(actual.Children))
        {
            Same(one, other);
        }
    }

    private static bool TryRead(string body, out MarkupElement? root, out BodyFault? fault) =>
        MarkupReader.TryRead(Encoding.UTF8.GetBytes(body), BodyLimits.Default, out root, out fault);
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class IsComposingTests
{
    // As linphone writes it.
    private const string Linphone = """
        <?xml version="1.0" encoding="UTF-8"?>
        <isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:ietf:params:xml:ns:im-composing iscomposing.xsd">
         <state>active</state>
         <refresh>60</refresh>
        </isComposing>
        """;

    [Fact]
    public void TryParse_Linphone_IsActive()
    {
        var composing = Reading.Document<IsComposing>(IsComposing.TryParse, Linphone);
        Assert.Equal((true, 60, null, null), (composing.Active, composing.RefreshSeconds, composing.ComposedType, composing.LastActive));
    }

    [Fact]
    public void ToBytes_Everything_IsReadAsTheSame()
    {
        var composing = new IsComposing(true) { ComposedType = "text/plain", LastActive = new(2026, 11, 23, 12, 30, 0, TimeSpan.Zero), RefreshSeconds = 90 };
        Assert.Equal(composing, Reading.RoundTrip(IsComposing.TryParse, composing, static document => document.ToBytes()));
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<isComposing xmlns=\"urn:ietf:params:xml:ns:im-iscomposing\"><state>idle</state></isComposing>",
            Encoding.UTF8.GetString(new IsComposing(false).ToBytes()));
    }

    [Theory]
    [InlineData("<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'><state>thinking</state></isComposing>")]
    [InlineData("<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'/>")]
    public void TryParse_StateNotKnown_IsIdle(string text) => Assert.False(Reading.Document<IsComposing>(IsComposing.TryParse, text).Active);

    [Fact]
    public void TryParse_OtherRoot_IsAFault() => Assert.Equal("this is not an is-composing document", Reading.Fault<IsComposing>(IsComposing.TryParse, "<isComposing/>"));
}

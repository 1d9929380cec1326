// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class ResourceListTests
{
    [Fact]
    public void TryParse_Linphone_HasEntries()
    {
        var list = Reading.Document<ResourceList>(ResourceList.TryParse, """
            <?xml version="1.0" encoding="UTF-8"?>
            <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
             <list>
              <entry uri="sip:bob@example.com"/>
              <entry uri="sip:carol@example.com"/>
             </list>
            </resource-lists>
            """);
        Assert.Equal([new("sip:bob@example.com"), new("sip:carol@example.com")], list.Entries);
    }

    [Fact]
    public void TryParse_ListsWithinLists_AreOne()
    {
        var list = Reading.Document<ResourceList>(ResourceList.TryParse, """
            <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="a"><entry uri="sip:a@b"><display-name>A</display-name></entry><list><entry uri="sip:c@d"/></list>
            <entry-ref ref="x"/><external anchor="http://example.com"/><entry/></list><list><entry uri="sip:e@f"/></list></resource-lists>
            """);
        Assert.Equal([new("sip:a@b", "A"), new("sip:c@d"), new("sip:e@f")], list.Entries);
        Assert.Equal(list.Entries, Reading.RoundTrip(ResourceList.TryParse, list, static document => document.ToBytes()).Entries);
    }

    [Fact]
    public void TryParse_OtherRoot_IsAFault() => Assert.Equal("this is not a resource-lists document", Reading.Fault<ResourceList>(ResourceList.TryParse, "<list/>"));
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class ResourceListInfoTests
{
    [Fact]
    public void TryParse_Document_HasResources()
    {
        // RFC 4662 §6, shortened.
        var info = Reading.Document<ResourceListInfo>(ResourceListInfo.TryParse, """
            <?xml version="1.0" encoding="UTF-8"?>
            <list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:adam-friends@pres.vancouver.example.com" version="1" fullState="true">
              <name xml:lang="en">Buddy List at COM</name>
              <name xml:lang="de">Liste der Freunde an COM</name>
              <resource uri="sip:bob@vancouver.example.com">
                <name>Bob Smith</name>
                <instance id="juwigmtboe" state="active" cid="bUZBsM@pres.vancouver.example.com"/>
              </resource>
              <resource uri="sip:ed@dallas.example.net"><instance id="sdlkmeopdf" state="terminated" reason="rejected"/></resource>
              <resource uri="sip:dave@vancouver.example.com"/>
            </list>
            """);
        Assert.Equal(("sip:adam-friends@pres.vancouver.example.com", 1, true, "Buddy List at COM"), (info.Uri, info.Version, info.IsFull, info.Name));
        Assert.Equal(["sip:bob@vancouver.example.com", "sip:ed@dallas.example.net", "sip:dave@vancouver.example.com"], info.Resources.Select(static resource => resource.Uri));
        Assert.Equal([new("juwigmtboe", ResourceInstanceState.Active) { ContentId = "bUZBsM@pres.vancouver.example.com" }], info.Resources[0].Instances);
        Assert.Equal([new("sdlkmeopdf", ResourceInstanceState.Terminated) { Reason = "rejected" }], info.Resources[1].Instances);
        Assert.Empty(info.Resources[2].Instances);
        Reading.RoundTrip(ResourceListInfo.TryParse, info, static document => document.ToBytes());
    }

    [Fact]
    public void ToBytes_Partial_HasWhatChanged() => Assert.Equal(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<list xmlns=\"urn:ietf:params:xml:ns:rlmi\" uri=\"sip:l@b\" version=\"7\" fullState=\"false\">" +
        "<resource uri=\"sip:a@b\"><name>A</name><instance id=\"1\" state=\"pending\"/></resource></list>",
        Encoding.UTF8.GetString(
            new ResourceListInfo("sip:l@b", 7, false) { Resources = [new("sip:a@b") { Name = "A", Instances = [new("1", ResourceInstanceState.Pending)] }] }.ToBytes()));

    [Theory]
    [InlineData("<list version='0' fullState='1'/>", "this is not an rlmi document")]
    [InlineData("<list xmlns='urn:ietf:params:xml:ns:rlmi' uri='sip:a@b' fullState='1'/>", "the version or whether the state is full cannot be read")]
    [InlineData("<list xmlns='urn:ietf:params:xml:ns:rlmi' uri='sip:a@b' version='-1' fullState='1'/>", "the version or whether the state is full cannot be read")]
    [InlineData("<list xmlns='urn:ietf:params:xml:ns:rlmi' uri='sip:a@b' version='1' fullState='maybe'/>", "the version or whether the state is full cannot be read")]
    public void TryParse_AnythingElse_IsAFault(string text, string fault) => Assert.Equal(fault, Reading.Fault<ResourceListInfo>(ResourceListInfo.TryParse, text));
}

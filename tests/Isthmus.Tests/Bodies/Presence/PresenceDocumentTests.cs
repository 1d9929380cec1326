// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class PresenceDocumentTests
{
    /// <summary>As baresip publishes it.</summary>
    internal const string Baresip = """
        <?xml version="1.0" encoding="UTF-8" standalone="no"?>
        <presence xmlns="urn:ietf:params:xml:ns:pidf"
            xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
            xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid"
            entity="sip:alice@example.com">
          <dm:person id="p4159"><rpid:activities/></dm:person>
          <tuple id="t4109">
            <status>
              <basic>open</basic>
            </status>
            <contact>sip:alice@example.com</contact>
          </tuple>
        </presence>
        """;

    /// <summary>As linphone publishes it: an activity with words, and an element of its own in the status.</summary>
    internal const string Linphone = """
        <?xml version="1.0" encoding="UTF-8"?>
        <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" xmlns:pidfonline="http://www.linphone.org/xsds/pidfonline.xsd" entity="sip:bob@example.com">
         <tuple id="qy_0m1">
          <status>
           <basic>open</basic>
           <pidfonline:online/>
          </status>
          <contact priority="0.8">sip:bob@example.com</contact>
          <timestamp>2026-11-23T12:00:00Z</timestamp>
         </tuple>
         <dm:person id="a3xb.1">
          <rpid:activities>
           <rpid:note xml:lang="en">until two</rpid:note>
           <rpid:meal>soup &amp; bread</rpid:meal>
          </rpid:activities>
          <dm:note>back soon</dm:note>
          <timestamp>2026-11-23T12:00:01Z</timestamp>
         </dm:person>
         <note>hello</note>
        </presence>
        """;

    // RFC 4480 §4.1, shortened.
    private const string Rpid = """
        <?xml version="1.0" encoding="UTF-8"?>
        <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:lt="urn:ietf:params:xml:ns:location-type"
            xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="pres:someone@example.com">
          <tuple id="bs35r9">
            <status><basic>open</basic></status>
            <dm:deviceID>urn:device:0003ba4811e3</dm:deviceID>
            <rpid:relationship><rpid:self/></rpid:relationship>
            <contact priority="0.8">im:someone@mobile.example.net</contact>
            <note xml:lang="en">Don't Disturb Please!</note>
            <note xml:lang="fr">Ne derangez pas, s'il vous plait</note>
            <timestamp>2005-10-27T16:49:29-05:00</timestamp>
          </tuple>
          <tuple id="ty4658"><status><basic>closed</basic></status><contact priority="1.0">mailto:secretary@example.com</contact></tuple>
          <note>I'll be in Tokyo next week</note>
          <dm:device id="pc147">
            <rpid:user-input idle-threshold="600" last-input="2004-10-21T13:20:00-05:00">idle</rpid:user-input>
            <dm:deviceID>urn:device:0003ba4811e3</dm:deviceID>
            <dm:note>PC</dm:note>
          </dm:device>
          <dm:person id="p1">
            <rpid:activities from="2005-05-30T12:00:00+05:00"><rpid:note>Far away</rpid:note><rpid:away/></rpid:activities>
            <rpid:mood><rpid:angry/><rpid:other>brooding</rpid:other></rpid:mood>
            <rpid:place-type><lt:residence/></rpid:place-type>
            <dm:note>Scoring 120</dm:note>
            <dm:timestamp>2005-05-30T16:09:44+05:00</dm:timestamp>
          </dm:person>
        </presence>
        """;

    [Fact]
    public void TryParse_Baresip_IsOnline()
    {
        var document = Read(Baresip);
        Assert.Equal("sip:alice@example.com", document.Entity);
        var tuple = Assert.Single(document.Tuples);
        Assert.Equal(("t4109", BasicStatus.Open, "sip:alice@example.com"), (tuple.Id, tuple.Basic, tuple.Contact));
        Assert.Empty(Assert.Single(document.Persons).Activities);
        Assert.Equal(Availability.Online, document.Availability);
        Assert.Null(document.Note);
    }

    [Fact]
    public void TryParse_Linphone_HasActivityNoteAndItsOwnElement()
    {
        var document = Read(Linphone);
        var person = Assert.Single(document.Persons);
        Assert.Equal([new PresenceActivity("meal", "soup & bread")], person.Activities);
        Assert.Equal([new PresenceNote("until two", "en"), new PresenceNote("back soon")], person.Notes);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 12, 0, 1, TimeSpan.Zero), person.Timestamp);
        Assert.Equal(0.8, document.Tuples[0].Priority);
        Assert.Equal((Availability.Away, "until two"), (document.Availability, document.Note));
        Assert.True(document.Tuples[0].StatusExtensions.Single().Is("http://www.linphone.org/xsds/pidfonline.xsd", "online"));
    }

    [Fact]
    public void TryParse_Rfc4480_HasPersonDeviceAndTheRest()
    {
        var document = Read(Rpid);
        Assert.Equal(["bs35r9", "ty4658"], document.Tuples.Select(static tuple => tuple.Id));
        Assert.Equal(["deviceID", "relationship"], document.Tuples[0].Extensions.Select(static element => element.Name));
        Assert.Equal(new DateTimeOffset(2005, 10, 27, 21, 49, 29, TimeSpan.Zero), document.Tuples[0].Timestamp);
        Assert.Equal("fr", document.Tuples[0].Notes[1].Language);
        Assert.Equal("urn:device:0003ba4811e3", Assert.Single(document.Devices).DeviceId);
        Assert.Equal(["mood", "place-type"], document.Persons[0].Extensions.Select(static element => element.Name));
        Assert.Equal((Availability.Away, "Far away"), (document.Availability, document.Note));
    }

    [Fact]
    public void ToBytes_OfMoreThanUsual_LosesNothing()
    {
        string note = string.Concat(Enumerable.Range(0, 5000).Select(number => $"{number} "));
        byte[] written = PresenceDocument.Of("sip:alice@example.com", Availability.Busy, note).ToBytes();

        Assert.True(PresenceDocument.TryParse(written, out PresenceDocument? read, out _));
        Assert.Equal(note.Trim(), read.Note);
    }

    [Theory]
    [InlineData(Baresip)]
    [InlineData(Linphone)]
    [InlineData(Rpid)]
    public void ToBytes_OfWhatWasRead_IsReadAsTheSame(string text)
    {
        var document = Read(text);
        byte[] written = document.ToBytes();
        Assert.True(PresenceDocument.TryParse(written, out var again, out var fault), fault?.ToString());
        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(again.ToBytes()));
        Assert.Equal((document.Availability, document.Note), (again.Availability, again.Note));
    }

    [Fact]
    public void ToBytes_Busy_HasTheOctetsThatBaresipLooksFor()
    {
        string text = Text(PresenceDocument.Of("sip:alice@example.com", Availability.Busy, "in <a> & meeting"));
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n" +
            "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\" xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\" " +
            "entity=\"sip:alice@example.com\"><tuple id=\"t1\"><status><basic>open</basic></status><contact>sip:alice@example.com</contact></tuple>" +
            "<dm:person id=\"p1\"><rpid:activities><rpid:busy/></rpid:activities><dm:note>in &lt;a&gt; &amp; meeting</dm:note></dm:person></presence>",
            text);
    }

    [Fact]
    public void Closed_ForAnEntity_IsOneTupleAndAlwaysTheSame()
    {
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"sip:a@b\"><tuple id=\"t1\"><status><basic>closed</basic></status>" +
            "<contact>sip:a@b</contact></tuple></presence>",
            Text(PresenceDocument.Closed("sip:a@b")));
        Assert.Equal(PresenceDocument.Closed("sip:a@b").ToBytes(), PresenceDocument.Of("sip:a@b", Availability.Offline).ToBytes());
    }

    [Theory]
    [InlineData(Availability.Offline)]
    [InlineData(Availability.Online)]
    [InlineData(Availability.Away)]
    [InlineData(Availability.Busy)]
    [InlineData(Availability.OnThePhone)]
    public void Of_AnyAvailability_IsReadAsTheSame(Availability availability)
    {
        var moment = new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.FromHours(2));
        var document = Read(Text(PresenceDocument.Of("sip:a@b", availability, "une note é", "sip:a@[2001:db8::1]:5062", moment)));
        Assert.Equal((availability, "une note é", "sip:a@[2001:db8::1]:5062"), (document.Availability, document.Note, document.Tuples[0].Contact));
        Assert.Equal(moment, document.Tuples[0].Timestamp);
    }

    [Theory]
    [InlineData("<presence entity='sip:a@b'/>", "this is not a presence document")]
    [InlineData("<tuple xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'/>", "this is not a presence document")]
    [InlineData("<presence xmlns='urn:ietf:params:xml:ns:pidf'/>", "the entity is missing")]
    [InlineData("<presence xmlns='urn:ietf:params:xml:ns:pidf' entity=' '/>", "the entity is missing")]
    [InlineData("not xml", "this is not XML")]
    public void TryParse_AnythingElse_IsAFault(string body, string reason)
    {
        Assert.False(PresenceDocument.TryParse(Encoding.UTF8.GetBytes(body), out var document, out var fault));
        Assert.Null(document);
        Assert.Equal(reason, fault.Reason);
    }

    [Fact]
    public void TryParse_OddTuples_AreReadAsFarAsTheyGo()
    {
        var document = Read("""
            <p:presence xmlns:p="urn:ietf:params:xml:ns:pidf" entity="sip:a@b"><p:tuple/><p:tuple id="x"><p:status><p:basic> OPEN </p:basic></p:status><p:contact priority="7"/></p:tuple>
            <p:tuple id="y"><p:status><p:basic>unkown</p:basic></p:status><p:timestamp>yesterday</p:timestamp></p:tuple></p:presence>
            """);
        Assert.Equal([("t1", null), ("x", BasicStatus.Open), ("y", null)], document.Tuples.Select(static tuple => (tuple.Id, tuple.Basic)));
        Assert.All(document.Tuples, static tuple => Assert.True(tuple is { Contact: null, Priority: null, Timestamp: null }));
    }

    internal static PresenceDocument Read(string text)
    {
        Assert.True(PresenceDocument.TryParse(Encoding.UTF8.GetBytes(text), out var document, out var fault), fault?.ToString());
        return document;
    }

    internal static string Text(PresenceDocument document) => Encoding.UTF8.GetString(document.ToBytes());
}

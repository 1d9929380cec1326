// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class PresenceCompositionTests
{
    private const string Alice = "sip:alice@example.com";

    [Fact]
    public void Compose_Nothing_IsClosed() =>
        Assert.Equal(PresenceDocument.Closed(Alice).ToBytes(), PresenceComposition.Compose(Alice, []).ToBytes());

    [Fact]
    public void Compose_EmptyDocuments_IsClosed() =>
        Assert.Equal(PresenceDocument.Closed(Alice).ToBytes(), PresenceComposition.Compose(Alice, [new PresenceDocument("sip:x@y"), new PresenceDocument(Alice)]).ToBytes());

    [Fact]
    public void Compose_OneDocument_IsThatDocumentOfTheUser()
    {
        var document = PresenceDocumentTests.Read(PresenceDocumentTests.Baresip);
        Assert.Equal((document with { Entity = "sip:bob@example.com" }).ToBytes(), PresenceComposition.Compose("sip:bob@example.com", [document]).ToBytes());
    }

    [Fact]
    public void Compose_ClosedAndOpen_PutsOpenFirst()
    {
        var composed = PresenceComposition.Compose(Alice, [PresenceDocument.Of(Alice, Availability.Offline, contact: "sip:a"), PresenceDocument.Of(Alice, Availability.Online, contact: "sip:b")]);
        Assert.Equal(["sip:b", "sip:a"], composed.Tuples.Select(static tuple => tuple.Contact));
        Assert.Equal(Availability.Online, composed.Availability);
    }

    [Fact]
    public void Compose_TuplesOfTheSameId_AreTold_Apart()
    {
        var document = PresenceDocumentTests.Read(PresenceDocumentTests.Baresip);
        var composed = PresenceComposition.Compose(Alice, [document, document, document]);
        Assert.Equal(["t4109", "t4109-2", "t4109-3"], composed.Tuples.Select(static tuple => tuple.Id));
        Assert.Single(composed.Persons);
    }

    [Fact]
    public void Compose_TwoPersons_TakesTheNewestThatIsOpen()
    {
        var away = PresenceDocument.Of(Alice, Availability.Away);
        var busy = PresenceDocument.Of(Alice, Availability.Busy, "do not disturb");
        var gone = PresenceDocument.Of(Alice, Availability.Offline, "good night");
        Assert.Equal(Availability.Away, PresenceComposition.Compose(Alice, [away, busy]).Availability);
        Assert.Equal((Availability.Busy, "do not disturb"), Seen(PresenceComposition.Compose(Alice, [gone, busy, away])));
        Assert.Equal((Availability.Offline, "good night"), Seen(PresenceComposition.Compose(Alice, [gone])));
    }

    [Fact]
    public void Compose_NewestWithoutPerson_LeavesTheWordToTheNext()
    {
        var registered = PresenceDocument.Of(Alice, Availability.Online);
        Assert.Equal(Availability.Busy, PresenceComposition.Compose(Alice, [registered, PresenceDocument.Of(Alice, Availability.Busy)]).Availability);
    }

    [Fact]
    public void Compose_NotesAndDevices_AreThereOnce()
    {
        var document = new PresenceDocument(Alice) { Notes = [new("hello")], Devices = [new("d1") { DeviceId = "urn:x" }] };
        var other = document with { Devices = [new("d2") { DeviceId = "urn:x" }, new("d3") { DeviceId = "urn:y" }] };
        var composed = PresenceComposition.Compose(Alice, [document, other]);
        Assert.Equal([new("hello")], composed.Notes);
        Assert.Equal(["d1", "d3"], composed.Devices.Select(static device => device.Id));
    }

    private static (Availability Availability, string? Note) Seen(PresenceDocument document) => (document.Availability, document.Note);
}

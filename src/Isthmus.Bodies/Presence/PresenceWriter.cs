// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using static Isthmus.Bodies.PresenceNames;

namespace Isthmus.Bodies;

/// <summary>
/// Writes a presence document in the order of its schema, with the prefixes of the RFC's examples: some phones look for <c>&lt;basic&gt;open&lt;/basic&gt;</c> and
/// <c>&lt;rpid:busy/&gt;</c> as octets.
/// </summary>
internal static class PresenceWriter
{
    public static void Write(PresenceDocument document, ref MarkupWriter writer)
    {
        writer.Begin("presence"u8);
        writer.Attribute("xmlns"u8, "urn:ietf:params:xml:ns:pidf"u8);
        if (!document.Persons.IsEmpty || !document.Devices.IsEmpty)
        {
            writer.Attribute("xmlns:dm"u8, "urn:ietf:params:xml:ns:pidf:data-model"u8);
            writer.Attribute("xmlns:rpid"u8, "urn:ietf:params:xml:ns:pidf:rpid"u8);
        }

        writer.Attribute("entity"u8, document.Entity);
        foreach (var tuple in document.Tuples)
        {
            Write(tuple, ref writer);
        }

        Write(document.Notes, "note"u8, ref writer);
        foreach (var person in document.Persons)
        {
            Write(person, ref writer);
        }

        foreach (var device in document.Devices)
        {
            Write(device, ref writer);
        }

        Write(document.Extensions, ref writer);
        writer.End("presence"u8);
    }

    private static void Write(PresenceTuple tuple, ref MarkupWriter writer)
    {
        writer.Begin("tuple"u8);
        writer.Attribute("id"u8, tuple.Id);
        writer.Begin("status"u8);
        writer.Element("basic"u8, tuple.Basic switch
        {
            BasicStatus.Open => "open",
            BasicStatus.Closed => "closed",
            _ => null,
        });
        Write(tuple.StatusExtensions, ref writer);
        writer.End("status"u8);
        Write(tuple.Extensions, ref writer);
        if (tuple.Contact is { } contact)
        {
            writer.Begin("contact"u8);
            writer.Attribute("priority"u8, MarkupText.Preference(tuple.Priority));
            writer.Text(contact);
            writer.End("contact"u8);
        }

        Write(tuple.Notes, "note"u8, ref writer);
        writer.Element("timestamp"u8, MarkupText.Moment(tuple.Timestamp));
        writer.End("tuple"u8);
    }

    private static void Write(PresencePerson person, ref MarkupWriter writer)
    {
        writer.Begin("dm:person"u8);
        writer.Attribute("id"u8, person.Id);
        if (!person.Activities.IsEmpty)
        {
            writer.Begin("rpid:activities"u8);
            foreach (var activity in person.Activities)
            {
                Write(activity, ref writer);
            }

            writer.End("rpid:activities"u8);
        }

        Write(person.Extensions, ref writer);
        Write(person.Notes, "dm:note"u8, ref writer);
        writer.Element("dm:timestamp"u8, MarkupText.Moment(person.Timestamp));
        writer.End("dm:person"u8);
    }

    private static void Write(PresenceActivity activity, ref MarkupWriter writer)
    {
        ReadOnlySpan<byte> name = activity.Name switch
        {
            "away" => "rpid:away"u8,
            "busy" => "rpid:busy"u8,
            "on-the-phone" => "rpid:on-the-phone"u8,
            _ => Encoding.UTF8.GetBytes($"rpid:{activity.Name}"),
        };
        writer.Begin(name);
        if (activity.Text is { } text)
        {
            writer.Text(text);
        }

        writer.End(name);
    }

    private static void Write(PresenceDevice device, ref MarkupWriter writer)
    {
        writer.Begin("dm:device"u8);
        writer.Attribute("id"u8, device.Id);
        Write(device.Extensions, ref writer);
        writer.Element("dm:deviceID"u8, device.DeviceId);
        Write(device.Notes, "dm:note"u8, ref writer);
        writer.Element("dm:timestamp"u8, MarkupText.Moment(device.Timestamp));
        writer.End("dm:device"u8);
    }

    private static void Write(ImmutableArray<PresenceNote> notes, ReadOnlySpan<byte> name, ref MarkupWriter writer)
    {
        foreach (var note in notes)
        {
            writer.Begin(name);
            writer.Attribute("xml:lang"u8, note.Language);
            writer.Text(note.Text);
            writer.End(name);
        }
    }

    // Elements of PIDF's own namespace stand without a prefix, as all of the document does.
    private static void Write(ImmutableArray<MarkupElement> elements, ref MarkupWriter writer)
    {
        foreach (var element in elements)
        {
            writer.Element(element, Pidf);
        }
    }
}

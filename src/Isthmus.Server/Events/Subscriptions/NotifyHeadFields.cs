// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>Reads the fields of a <see cref="NotifyHead"/> again.</summary>
internal static class NotifyHeadFields
{
    /// <summary>The watcher's tag; empty when it has none (RFC 2543).</summary>
    public static ReadOnlySpan<byte> ToTag(ReadOnlySpan<byte> head) => AddressView.TryRead(Field(head, "\r\nTo: "u8), out AddressView to) ? to.Tag : default;

    /// <summary>The watcher's URI.</summary>
    public static string Watcher(ReadOnlySpan<byte> head) => UriIn(Field(head, "\r\nTo: "u8));

    /// <summary>The URI of who is watched, as the watcher wrote it.</summary>
    public static string Watched(ReadOnlySpan<byte> head) => UriIn(Field(head, "\r\nFrom: "u8));

    /// <summary>Whether the subscription shows a list.</summary>
    public static bool IsOfList(ReadOnlySpan<byte> head) => Field(head, "\r\nRequire: "u8).SequenceEqual("eventlist"u8);

    /// <summary>The Event: a name, and the id that the watcher gave it.</summary>
    public static ReadOnlySpan<byte> Event(ReadOnlySpan<byte> head) => Field(head, "\r\nEvent: "u8);

    /// <summary>The Call-ID.</summary>
    public static ReadOnlySpan<byte> CallId(ReadOnlySpan<byte> head) => Field(head, "\r\nCall-ID: "u8);

    private static string UriIn(ReadOnlySpan<byte> value) => AddressView.TryRead(value, out AddressView address) ? Encoding.UTF8.GetString(address.Uri) : "";

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        int start = head.IndexOf(name);
        if (start < 0)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = head[(start + name.Length)..];
        int end = 0;
        do
        {
            end += rest[end..].IndexOf("\r\n"u8) + 2; // a value may be folded
        }
        while (end < rest.Length && rest[end] is (byte)' ' or (byte)'\t');

        return rest[..(end - 2)];
    }
}

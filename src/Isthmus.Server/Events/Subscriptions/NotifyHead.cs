// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>
/// What all NOTIFYs of a subscription begin with (RFC 6665 §4.2.2, RFC 3261 §12.2.1.1): Request-URI, route set, From, To, Call-ID, Event and Contact, written
/// once. With it the notifier's end of the dialog needs no other objects.
/// </summary>
internal static class NotifyHead
{
    private static ReadOnlySpan<byte> Method => "NOTIFY "u8;

    private static ReadOnlySpan<byte> AfterUri => " SIP/2.0\r\n"u8;

    /// <summary>Writes the head of the subscription that a SUBSCRIBE makes. Null: it has no Contact, or Record-Routes, that can be read.</summary>
    /// <param name="subscribe">The SUBSCRIBE.</param>
    /// <param name="uri">The Request-URI; empty: the watcher's Contact.</param>
    /// <param name="tag">Our tag.</param>
    /// <param name="eventName">The value of Event.</param>
    /// <param name="contact">Our Contact.</param>
    /// <param name="isList">Whether the watcher must understand lists (RFC 4662 §4.3).</param>
    public static byte[]? Compose(SipRequest subscribe, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> tag, string eventName, string contact, bool isList)
    {
        if (!TryGetTarget(subscribe, uri, out SipUriView target) || !AddressView.TryRead(Value(subscribe, HeaderName.To), out _))
        {
            return null;
        }

        var head = new ArrayBufferWriter<byte>(512);
        if (!TryWriteWay(subscribe, target, head))
        {
            return null;
        }

        head.Write("From: "u8);
        head.Write(Value(subscribe, HeaderName.To));
        head.Write(";tag="u8);
        head.Write(tag);
        head.Write("\r\nTo: "u8);
        head.Write(Value(subscribe, HeaderName.From));
        head.Write("\r\nCall-ID: "u8);
        head.Write(subscribe.CallIdBytes);
        head.Write(System.Text.Encoding.UTF8.GetBytes($"\r\nEvent: {eventName}\r\nContact: {contact}\r\nMax-Forwards: 70\r\n{(isList ? "Require: eventlist\r\n" : "")}"));
        return head.WrittenSpan.ToArray();
    }

    /// <summary>The head with that Request-URI, or where it is empty the watcher's Contact (RFC 6665 §4.1.2.2): the same array when it is the same.</summary>
    public static byte[] WithTarget(byte[] head, SipRequest subscribe, ReadOnlySpan<byte> uri)
    {
        ReadOnlySpan<byte> before = head.AsSpan(Method.Length, head.AsSpan().IndexOf(AfterUri) - Method.Length);
        if (!TryGetTarget(subscribe, uri, out SipUriView target) || target.Text.SequenceEqual(before) || IsStrict(head))
        {
            return head;
        }

        return [.. Method, .. target.Text, .. head.AsSpan(Method.Length + before.Length)];
    }

    /// <summary>The URI that the watcher wants its NOTIFYs at; false when there is none.</summary>
    private static bool TryGetTarget(SipRequest subscribe, ReadOnlySpan<byte> uri, out SipUriView target)
    {
        target = default;
        return !uri.IsEmpty ? SipUriView.TryRead(uri, out target) : subscribe.TryGetContactView(out AddressView contact) && contact.TryGetSipUri(out target) && !target.Text.Contains((byte)'?');
    }

    private static bool TryWriteWay(SipRequest subscribe, in SipUriView target, ArrayBufferWriter<byte> head)
    {
        bool isFirst = true;
        bool isStrict = false;
        foreach (ReadOnlySpan<byte> value in subscribe.ValuesOf(HeaderName.RecordRoute))
        {
            if (!AddressView.TryRead(value, out AddressView route) || !route.TryGetSipUri(out SipUriView uri))
            {
                return false;
            }

            if (isFirst)
            {
                isStrict = !uri.IsLoose;
                if (isStrict && uri.Text.Contains((byte)'?'))
                {
                    return false; // RFC 3261 §19.1.1: no header fields in a Request-URI
                }

                WriteLine(isStrict ? uri : target, head);
            }

            if (!isFirst || !isStrict)
            {
                WriteRoute(value, head);
            }

            isFirst = false;
        }

        if (isFirst)
        {
            WriteLine(target, head);
        }
        else if (isStrict)
        {
            // RFC 3261 §12.2.1.1: a strict router finds the target as the last Route.
            head.Write("Route: <"u8);
            head.Write(target.Text);
            head.Write(">\r\n"u8);
        }

        return true;
    }

    private static void WriteLine(in SipUriView uri, ArrayBufferWriter<byte> head)
    {
        head.Write(Method);
        head.Write(uri.Text);
        head.Write(AfterUri);
    }

    private static void WriteRoute(ReadOnlySpan<byte> value, ArrayBufferWriter<byte> head)
    {
        head.Write("Route: "u8);
        head.Write(value);
        head.Write("\r\n"u8);
    }

    // A strict router stands in the Request-URI; the target stays where it is then.
    private static bool IsStrict(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> rest = head[(head.IndexOf(AfterUri) + AfterUri.Length)..];
        if (!rest.StartsWith("Route: "u8))
        {
            return false;
        }

        ReadOnlySpan<byte> first = rest["Route: ".Length..rest.IndexOf("\r\n"u8)];
        return AddressView.TryRead(first, out AddressView route) && route.TryGetSipUri(out SipUriView uri) && !uri.IsLoose;
    }

    private static ReadOnlySpan<byte> Value(SipRequest request, HeaderName name) => request.TryGetValue(name, out ReadOnlySpan<byte> value) ? value : default;
}

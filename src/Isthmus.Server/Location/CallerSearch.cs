// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Location;

/// <summary>Which of the devices of an address-of-record sends a request.</summary>
internal static class CallerSearch
{
    /// <summary>By the Contact: its instance or GRUU, else its URI (RFC 3261 §19.1.4).</summary>
    public static Device? ByContact(ImmutableArray<Device> devices, NameAddr contact)
    {
        string? instance = InstanceId.Of(contact) ?? (contact.SipUri?.Gr is { Length: > 0 } gruu ? gruu : null);
        foreach (Device device in devices)
        {
            if (instance is not null ? device.Id == instance : contact.SipUri is { } uri && HasUri(device, uri))
            {
                return device;
            }
        }

        return null;
    }

    /// <summary>By the octets of the Contact's instance, GRUU or URI. Null: a closer look may still find one.</summary>
    public static Device? ByContact(ImmutableArray<Device> devices, in AddressView contact)
    {
        bool isNamed = InstanceId.TryRead(contact, out ReadOnlySpan<byte> instance)
            || (contact.TryGetSipUri(out SipUriView uri) && uri.TryGet("gr"u8, out instance) && !instance.IsEmpty);
        foreach (Device device in devices)
        {
            foreach (Binding binding in device.Bindings)
            {
                if (isNamed ? binding.InstanceOctets.SequenceEqual(instance) : binding.UriIs(contact.Uri))
                {
                    return device;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Whether the Contact may be a registered one that is written in another way: equal URIs have the same port and the same host, which only
    /// an IPv6 address can write in several ways (RFC 3261 §19.1.4).
    /// </summary>
    public static bool MayBeWrittenOtherwise(ImmutableArray<Device> devices, in AddressView contact)
    {
        if (!contact.TryGetSipUri(out SipUriView uri) || InstanceId.TryRead(contact, out _) || uri.Has("gr"u8))
        {
            return true;
        }

        foreach (Device device in devices)
        {
            foreach (Binding binding in device.Bindings)
            {
                bool mayBe = SipUriView.TryRead(binding.UriOctets, out SipUriView registered) && registered.Port == uri.Port
                    && (Ascii.EqualsIgnoreCase(registered.Host, uri.Host) || (registered.Host[0] == '[' && uri.Host[0] == '['));
                if (mayBe)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>By where the request came from: a phone may call from another port than it registers from, but the host alone tells only when it tells one device.</summary>
    public static Device? BySource(ImmutableArray<Device> devices, SipTransport transport, IPEndPoint source)
    {
        Device? there = null;
        bool isOnly = true;
        foreach (Device device in devices)
        {
            if (device.IsAway && devices.Length > 1)
            {
                continue; // it came from there with the Contact of a phone, which is who calls
            }

            foreach (Binding binding in device.Bindings)
            {
                if (!binding.IsFrom(source.Address))
                {
                    continue;
                }

                if (binding.IsFrom(transport, source))
                {
                    return device;
                }

                isOnly &= there is null || there == device;
                there = device;
            }
        }

        return isOnly ? there : null;
    }

    /// <summary>The octets of a text, in a buffer of the caller's where they fit.</summary>
    public static ReadOnlySpan<byte> Utf8(string text, Span<byte> buffer) =>
        Encoding.UTF8.TryGetBytes(text, buffer, out int length) ? buffer[..length] : Encoding.UTF8.GetBytes(text);

    private static bool HasUri(Device device, SipUri uri)
    {
        foreach (Binding binding in device.Bindings)
        {
            if (binding.Uri.Equals(uri))
            {
                return true;
            }
        }

        return false;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>Where the parts of a Contact stand in its octets, so that they need not be kept a second time.</summary>
internal readonly struct ContactLayout
{
    private readonly ushort _uri;
    private readonly ushort _uriLength;
    private readonly ushort _expires;
    private readonly ushort _expiresLength;
    private readonly ushort _instance;
    private readonly ushort _instanceLength;

    private ContactLayout(Part uri, Part expires, Part instance) =>
        (_uri, _uriLength, _expires, _expiresLength, _instance, _instanceLength) = (uri.Start, uri.Length, expires.Start, expires.Length, instance.Start, instance.Length);

    /// <summary>The URI.</summary>
    public Range Uri => _uri..(_uri + _uriLength);

    /// <summary>The <c>expires</c> parameter with its semicolon; at the end where there is none.</summary>
    public Range Expires => _expires..(_expires + _expiresLength);

    /// <summary>The <c>+sip.instance</c> without quotes and angle brackets; empty where there is none.</summary>
    public Range Instance => _instance..(_instance + _instanceLength);

    public bool HasInstance => _instanceLength > 0;

    /// <summary>
    /// Finds the parts. False for what cannot be repeated as it is, with another <c>expires</c> at its end: no angle brackets, a folded line, a GRUU that
    /// we gave out, a strange <c>expires</c>.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> contact, out ContactLayout layout)
    {
        layout = default;
        if (contact.Length > ushort.MaxValue || contact.ContainsAny((byte)'\r', (byte)'\n') || !AddressView.TryRead(contact, out AddressView view)
            || view.Text.Length != contact.Length || view.Has("pub-gruu"u8) || view.Has("temp-gruu"u8))
        {
            return false;
        }

        Part uri = Part.Of(contact, view.Uri);
        if (uri.Start == 0 || contact[uri.Start - 1] != '<')
        {
            return false;
        }

        Part expires = new((ushort)contact.Length, 0);
        if (view.TryGet("expires"u8, out ReadOnlySpan<byte> seconds) && !TryFindExpires(contact, seconds, out expires))
        {
            return false;
        }

        layout = new(uri, expires, InstanceId.TryRead(view, out ReadOnlySpan<byte> instance) ? Part.Of(contact, instance) : default);
        return true;
    }

    /// <summary>The octets of a Contact in the form that <see cref="TryRead"/> reads, without a GRUU that we gave out.</summary>
    public static byte[] Canonical(NameAddr contact)
    {
        contact = new(contact.Uri, contact.DisplayName, contact.Parameters.Without("pub-gruu").Without("temp-gruu"));
        byte[] octets = Encoding.UTF8.GetBytes(contact.ToString());
        return TryRead(octets, out _) ? octets : Encoding.UTF8.GetBytes(new NameAddr(contact.Uri, contact.DisplayName, contact.Parameters.Without("expires")).ToString());
    }

    private static bool TryFindExpires(ReadOnlySpan<byte> contact, ReadOnlySpan<byte> seconds, out Part found)
    {
        found = default;
        if (seconds.IsEmpty || !contact.Overlaps(seconds, out int at))
        {
            return false;
        }

        ReadOnlySpan<byte> before = contact[..at].TrimEnd((byte)' ');
        if (!before.EndsWith("="u8))
        {
            return false;
        }

        before = before[..^1].TrimEnd((byte)' ');
        before = before[..^"expires".Length].TrimEnd((byte)' ');
        found = new((ushort)(before.Length - 1), (ushort)(at + seconds.Length - before.Length + 1));
        return before.EndsWith(";"u8) && !HasExpires(contact[(at + seconds.Length)..]);
    }

    // A second one would stand beside ours.
    private static bool HasExpires(ReadOnlySpan<byte> parameters)
    {
        for (int i = 0; i + "expires".Length <= parameters.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(parameters.Slice(i, "expires".Length), "expires"u8))
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct Part(ushort Start, ushort Length)
    {
        public static Part Of(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> part) =>
            whole.Overlaps(part, out int at) ? new((ushort)at, (ushort)part.Length) : default;
    }
}

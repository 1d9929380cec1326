// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>The <c>+sip.instance</c> of a Contact (RFC 5626 §4.1): a URN in angle brackets in quotes.</summary>
internal static class InstanceId
{
    private const int LongestInstance = 256;

    /// <summary>The URN without its brackets; null when it is absent, empty or too long to be one.</summary>
    public static string? Of(NameAddr contact)
    {
        string? value = contact.Parameters.Get("+sip.instance")?.Trim();
        return value is ['<', .. { Length: > 0 and <= LongestInstance } urn, '>'] ? urn : null;
    }

    /// <inheritdoc cref="Of"/>
    public static bool TryRead(in AddressView contact, out ReadOnlySpan<byte> urn)
    {
        urn = default;
        if (!contact.TryGet("+sip.instance"u8, out ReadOnlySpan<byte> value) || value.Trim((byte)' ') is not [(byte)'<', .. var inside, (byte)'>'] || inside.Length is 0 or > LongestInstance)
        {
            return false;
        }

        urn = inside;
        return true;
    }
}

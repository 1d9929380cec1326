// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace Isthmus.Server.Events;

/// <summary>A state as it is sent: written once for each change, and shared by all who watch.</summary>
/// <param name="octets">The document.</param>
/// <param name="versionAt">Where the number of the notification is put in, for formats that count them in each subscription from 0 on; -1: nowhere.</param>
internal sealed class StateDocument(byte[] octets, int versionAt = -1)
{
    /// <summary>So many octets one may have: with it, the names of a list and its headers a NOTIFY fits into a datagram (65,507 octets on IPv4).</summary>
    public const int Most = 32 * 1024;

    private const int MostDigits = 10;

    /// <summary>Its media type where that is not the package's.</summary>
    public string? ContentType { get; init; }

    /// <summary>The document, without a number.</summary>
    public ReadOnlySpan<byte> Octets => octets;

    /// <summary>Room that is enough for it, in octets.</summary>
    public int MostOctets => octets.Length + MostDigits;

    /// <summary>Whether both say the same.</summary>
    public bool SaysTheSameAs(StateDocument other) => ReferenceEquals(this, other) || (versionAt == other.VersionAt && octets.AsSpan().SequenceEqual(other.Octets));

    /// <summary>How long it is in the notification of that number.</summary>
    public int Length(uint version)
    {
        int length = octets.Length;
        for (uint rest = version; versionAt >= 0 && (length == octets.Length || rest > 0); rest /= 10)
        {
            length++;
        }

        return length;
    }

    /// <summary>Writes it for the notification of that number, and returns how many octets that were.</summary>
    public int Write(uint version, Span<byte> target)
    {
        if (versionAt < 0)
        {
            octets.CopyTo(target);
            return octets.Length;
        }

        octets.AsSpan(0, versionAt).CopyTo(target);
        Utf8Formatter.TryFormat(version, target[versionAt..], out int digits);
        octets.AsSpan(versionAt).CopyTo(target[(versionAt + digits)..]);
        return octets.Length + digits;
    }

    private int VersionAt => versionAt;
}

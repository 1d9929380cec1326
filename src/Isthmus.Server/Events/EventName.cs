// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>The value of Event (RFC 6665 §8.2.1): the package, and the id that tells the subscriptions of one dialog apart.</summary>
internal readonly ref struct EventName
{
    private readonly ReadOnlySpan<byte> _value;

    private EventName(ReadOnlySpan<byte> value) => _value = value;

    /// <summary>The package's name.</summary>
    public ReadOnlySpan<byte> Package => Part(0);

    /// <summary>Reads it; false when a request has none.</summary>
    public static bool TryRead(SipRequest request, out EventName name)
    {
        bool isThere = request.TryGetValue(HeaderName.Event, out ReadOnlySpan<byte> value);
        name = new(value);
        return isThere && !name.Package.IsEmpty;
    }

    // With its name; empty: it has none.
    private ReadOnlySpan<byte> Id
    {
        get
        {
            for (int i = 1; i < 16; i++)
            {
                ReadOnlySpan<byte> part = Part(i);
                if (part.StartsWith("id="u8) && part.IndexOfAny((byte)'\r', (byte)'\n') < 0)
                {
                    return part;
                }
            }

            return default;
        }
    }

    /// <summary>As the NOTIFYs repeat it: with its id, and without what else the watcher wrote.</summary>
    public string ForNotify() => Id.IsEmpty ? Encoding.UTF8.GetString(Package) : Encoding.UTF8.GetString(Package) + ";" + Encoding.UTF8.GetString(Id);

    /// <summary>Whether it means the same subscription as that value of an Event field (RFC 6665 §8.2.1).</summary>
    public bool HasIdOf(ReadOnlySpan<byte> other) => Id.SequenceEqual(new EventName(other).Id);

    private ReadOnlySpan<byte> Part(int number)
    {
        ReadOnlySpan<byte> rest = _value;
        for (; number > 0; number--)
        {
            int semicolon = rest.IndexOf((byte)';');
            if (semicolon < 0)
            {
                return default;
            }

            rest = rest[(semicolon + 1)..];
        }

        int end = rest.IndexOf((byte)';');
        return (end < 0 ? rest : rest[..end]).Trim(" \t\r\n"u8);
    }
}

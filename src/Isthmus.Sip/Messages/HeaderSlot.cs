// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Where one header field stands in the message's bytes; its name begins where the field does.</summary>
internal readonly record struct HeaderSlot(HeaderName Name, int Start, int ValueStart, int ValueEnd, int End)
{
    /// <summary>The same field, that many octets further on.</summary>
    public HeaderSlot MovedBy(int octets) => new(Name, Start + octets, ValueStart + octets, ValueEnd + octets, End + octets);

    /// <summary>The same field, with a value that became that many octets longer.</summary>
    public HeaderSlot LongerBy(int octets) => new(Name, Start, ValueStart, ValueEnd + octets, End + octets);
}

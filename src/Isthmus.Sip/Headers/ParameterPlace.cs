// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Where a parameter stands in its header value: its name's end, and its value as it is written. All 0 where there is none.</summary>
internal struct ParameterPlace
{
    public int NameEnd;
    public int ValueStart;
    public int ValueEnd;

    public readonly bool IsThere => NameEnd > 0;

    public readonly bool HasValue => ValueEnd > ValueStart;

    /// <summary>The value without its quotes, a backslash inside as it is written; empty where there is none.</summary>
    public readonly ReadOnlySpan<byte> Content(ReadOnlySpan<byte> text) =>
        !HasValue ? default : text[ValueStart] == '"' ? text[(ValueStart + 1)..(ValueEnd - 1)] : text[ValueStart..ValueEnd];

    /// <summary>Octets were put in or taken out in front of what stands behind that place.</summary>
    public void Moved(int behind, int octets)
    {
        NameEnd += NameEnd > behind ? octets : 0;
        ValueStart += ValueStart > behind ? octets : 0;
        ValueEnd += ValueEnd > behind ? octets : 0;
    }
}

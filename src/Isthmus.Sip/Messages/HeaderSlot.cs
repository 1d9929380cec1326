// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Isthmus.Sip;

/// <summary>Where one header field stands in the message's bytes; its name begins where the field does.</summary>
internal record struct HeaderSlot(HeaderName Name, int Start, int ValueStart, int ValueEnd, int End)
{
    /// <summary>The field stands that many octets further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // into the loop over all that stand behind
    public void Move(int octets)
    {
        Start += octets;
        ValueStart += octets;
        ValueEnd += octets;
        End += octets;
    }

    /// <summary>The value became that many octets longer.</summary>
    public void Lengthen(int octets)
    {
        ValueEnd += octets;
        End += octets;
    }
}

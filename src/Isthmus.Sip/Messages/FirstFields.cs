// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Sip;

/// <summary>For each <see cref="HeaderName"/> one more than the index of its first field, with a mark where there are more of them; 0 where there is none.</summary>
[InlineArray(Capacity)]
internal struct FirstFields
{
    /// <summary>More than the largest <see cref="HeaderName"/>: a test holds it.</summary>
    public const int Capacity = 80;

    /// <summary>The mark of a name that stands more than once.</summary>
    public const ushort Several = 0x8000;

    private ushort _first;

    /// <summary>What is noted of that name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // an inline array's own indexer is a call
    public readonly ushort Of(HeaderName name) => MemoryMarshal.CreateReadOnlySpan(in _first, Capacity)[(int)name];
}

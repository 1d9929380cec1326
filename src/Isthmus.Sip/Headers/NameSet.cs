// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A set of header names.</summary>
internal struct NameSet
{
    private const int Half = 64;
    private ulong _low;
    private ulong _high;

    public void Add(HeaderName name)
    {
        if ((int)name < Half)
        {
            _low |= 1UL << (int)name;
        }
        else
        {
            _high |= 1UL << ((int)name - Half);
        }
    }

    public readonly bool Has(HeaderName name) => ((((int)name < Half ? _low : _high) >> ((int)name & (Half - 1))) & 1) != 0;
}

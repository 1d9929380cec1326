// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What the check of the mandatory header fields found in them, so that nobody has to read them again. Each part counts from its value's beginning.</summary>
internal struct MandatoryParts
{
    /// <summary>The first Via value; its end is 0 where a message that is still to be sent has none.</summary>
    public ViaParts Via;

    public AddressParts From;

    public AddressParts To;

    public uint CSeqNumber;

    public SipMethod CSeqMethod;

    /// <summary>Max-Forwards; negative when absent.</summary>
    public int MaxForwards;
}

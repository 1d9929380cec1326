// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>The ports that media may use, both ends included. 0 to 0 leaves the choice to the host.</summary>
public readonly record struct PortRange(int First, int Last)
{
    /// <summary>10000 to 19999.</summary>
    public static PortRange Default => new(10000, 19999);

    /// <summary>Any free even port with its odd neighbour.</summary>
    public static PortRange Any => new(0, 0);

    /// <summary>True when the host chooses.</summary>
    public bool IsAny => First == 0 && Last == 0;

    /// <summary>True for a range that holds at least one pair of an even port and its odd neighbour, or that is <see cref="Any"/>.</summary>
    public bool IsValid => IsAny || (First is > 0 and <= 65535 && Last is > 0 and <= 65535 && PairCount > 0);

    /// <summary>How many pairs fit; 0 for <see cref="Any"/>.</summary>
    public int PairCount => IsAny ? 0 : Math.Max(0, (Last - FirstEven + 1) / 2);

    /// <summary>The RTP (even) port of pair <paramref name="index"/>, from 0 up to <see cref="PairCount"/> - 1.</summary>
    public int RtpPort(int index) => FirstEven + (2 * index);

    private int FirstEven => (First + 1) & ~1;
}

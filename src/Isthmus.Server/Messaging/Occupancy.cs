// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>How much waits: for one user, or for all.</summary>
/// <param name="Count">How many messages.</param>
/// <param name="Bytes">How many octets they have.</param>
internal readonly record struct Occupancy(int Count, long Bytes)
{
    /// <summary>With one more.</summary>
    public Occupancy With(StoredMessage message) => new(Count + 1, Bytes + message.Size);

    /// <summary>With one less.</summary>
    public Occupancy Without(StoredMessage message) => new(Count - 1, Bytes - message.Size);

    /// <summary>A part of it, rounded up.</summary>
    public Occupancy Part(int percent) => new((int)PartOf(Count, percent), PartOf(Bytes, percent));

    /// <summary>Whether this is as much as may be, or less.</summary>
    public bool IsWithin(Occupancy most) => Count <= most.Count && Bytes <= most.Bytes;

    private static long PartOf(long all, int percent) => ((all * percent) + 99) / 100;
}

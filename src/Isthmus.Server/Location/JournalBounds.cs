// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>When the journal is folded into the table, and how much of it at a time.</summary>
internal sealed record JournalBounds
{
    /// <summary>It may grow to this many octets, however few bindings it is about.</summary>
    public long Small { get; init; } = 8 << 20;

    /// <summary>Beyond <see cref="Small"/> it may have this many octets for each binding that it is about: about 12 refreshes, so that one row in 12 is written.</summary>
    public int OfBinding { get; init; } = 256;

    /// <summary>It is folded at this many octets at the latest.</summary>
    public long Large { get; init; } = 256 << 20;

    /// <summary>Rows of the table that are written together; registrations that come meanwhile wait for them, a few milliseconds.</summary>
    public int Rows { get; init; } = 512;

    /// <summary>Whether it is to be folded now.</summary>
    /// <param name="length">Octets of the journal.</param>
    /// <param name="bindings">How many bindings it is about.</param>
    /// <param name="leisure">Whether somebody waits.</param>
    public bool IsReached(long length, int bindings, Leisure leisure = Leisure.None) =>
        length >= Large || (length >= Small && length >= (long)bindings * OfBinding) || leisure == Leisure.Long || (leisure == Leisure.Moment && bindings <= Rows);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>How long nobody has come to the writer: how much of the work that was left for later it may take on.</summary>
internal enum Leisure
{
    /// <summary>Somebody may wait already: only what must be done.</summary>
    None,

    /// <summary>Nobody for a moment: also what is done in a moment.</summary>
    Moment,

    /// <summary>Nobody for long, or ever again: everything.</summary>
    Long,
}

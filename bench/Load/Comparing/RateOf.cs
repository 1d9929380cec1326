// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Whose greatest rate is meant.</summary>
internal enum RateOf
{
    /// <summary>The slower server's, for both: the same calls come at the same times.</summary>
    Slower,

    /// <summary>Each server's own: both are as busy.</summary>
    Own,
}

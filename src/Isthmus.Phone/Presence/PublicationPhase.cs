// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Where a publication stands (RFC 3903).</summary>
public enum PublicationPhase
{
    /// <summary>It is on its way.</summary>
    Publishing,

    /// <summary>The server has it.</summary>
    Published,

    /// <summary>It failed, and is tried again.</summary>
    Waiting,

    /// <summary>It is taken back, was left to its end, or makes no sense.</summary>
    Ended,
}

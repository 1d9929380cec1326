// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.DualStack;

/// <summary>How a server decides whether an INVITE may be forwarded, and on which IP version.</summary>
public enum JudgeMethod
{
    /// <summary>By what both ends can use: never ask the user, never dead air. The default.</summary>
    Auto,

    /// <summary>Compare the version on which the INVITE arrived with the version on which it would leave.</summary>
    Arrival,

    /// <summary>Compare the version on which it would leave with the versions that its body can use.</summary>
    Session,

    /// <summary>Never judge: forward with a new IP header; the called terminal judges.</summary>
    Carry,
}

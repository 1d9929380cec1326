// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>How a question to DNS ended.</summary>
public enum DnsStatus
{
    /// <summary>The name exists; there may still be no record of the type.</summary>
    Ok,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NameError,

    /// <summary>The resolver could not say (SERVFAIL, REFUSED and the like), or said what cannot be read.</summary>
    ServerFailure,

    /// <summary>The resolver does not know this type of question (NOTIMP, FORMERR).</summary>
    NotImplemented,

    /// <summary>Aliases that lead in a circle, or too far.</summary>
    AliasLoop,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>No resolver is configured, or none can be reached.</summary>
    Unreachable,

    /// <summary>Not asked: too many questions are out already.</summary>
    Overloaded,
}

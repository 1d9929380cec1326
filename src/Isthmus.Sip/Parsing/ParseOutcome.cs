// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>How far reading a message got.</summary>
public enum ParseOutcome
{
    /// <summary>A well-formed message.</summary>
    Ok,

    /// <summary>A request with a fault that can be answered: the header fields an answer copies are there as bytes, nothing else is promised.</summary>
    Malformed,

    /// <summary>No message, or a response with a fault: to be dropped.</summary>
    Unreadable,
}

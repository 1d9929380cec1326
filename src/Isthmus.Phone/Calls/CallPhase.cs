// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Where a call stands.</summary>
public enum CallPhase
{
    /// <summary>The INVITE is on its way.</summary>
    Calling,

    /// <summary>The call was refused for its IP version and is tried again by the other one.</summary>
    Redirected,

    /// <summary>The called phone rings (180).</summary>
    Ringing,

    /// <summary>There is sound before the answer (183 with a session description).</summary>
    EarlyMedia,

    /// <summary>Answered.</summary>
    Established,

    /// <summary>Answered, and on hold by one side or both.</summary>
    Held,

    /// <summary>Over.</summary>
    Ended,
}

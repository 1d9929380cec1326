// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>How far a call is after a response.</summary>
internal enum CallProgress
{
    /// <summary>More is to come.</summary>
    Waiting,

    /// <summary>The response that is timed has come, and the call goes on.</summary>
    Answered,

    /// <summary>All has come.</summary>
    Done,

    /// <summary>It was refused.</summary>
    Failed,
}

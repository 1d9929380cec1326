// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>How far a call is.</summary>
internal enum CallState
{
    /// <summary>The INVITE is on its way.</summary>
    Calling,

    /// <summary>A device rings.</summary>
    Ringing,

    /// <summary>A device answered.</summary>
    Answered,
}

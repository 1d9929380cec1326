// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>How far a <see cref="ServerWalk"/> is with the server that it has come to.</summary>
internal enum WalkPhase
{
    /// <summary>A server is looked for that can be sent to.</summary>
    Opening,

    /// <summary>The request was sent.</summary>
    Waiting,

    /// <summary>Nothing was heard for long: who is there at all?</summary>
    Asking,

    /// <summary>Nor since: whoever else is there gets the request.</summary>
    Leaving,

    /// <summary>Something was heard.</summary>
    Heard,

    /// <summary>Nobody is interested any more.</summary>
    Over,
}

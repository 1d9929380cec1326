// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Load;

/// <summary>A server that calls can be made to.</summary>
internal interface IReachableServer
{
    /// <summary>As the tables name it.</summary>
    string Name { get; }

    /// <summary>Why it is not there any more; null while it is.</summary>
    string? Fault { get; }

    /// <summary>Is cancelled as soon as it is not there any more.</summary>
    CancellationToken Ended { get; }

    /// <summary>Where it listens.</summary>
    IPEndPoint EndPoint(bool isIPv4, bool isTcp);
}

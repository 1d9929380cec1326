// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>Is told once when a target turns bad and once when it is good again. Called in no lock, by any thread: it must not block.</summary>
public interface ITargetObserver
{
    /// <summary>The first failure of a target that was not held to be bad.</summary>
    /// <param name="transport">Its transport.</param>
    /// <param name="endPoint">Its address and port.</param>
    /// <param name="fault">Why.</param>
    /// <param name="retryAfter">How long it asked to be spared; null where it did not.</param>
    /// <param name="time">How long it is tried last.</param>
    void TurnedBad(SipTransport transport, IPEndPoint endPoint, TargetFault fault, TimeSpan? retryAfter, TimeSpan time);

    /// <summary>A target that had failed has answered.</summary>
    /// <param name="transport">Its transport.</param>
    /// <param name="endPoint">Its address and port.</param>
    /// <param name="time">How long it was bad.</param>
    void TurnedGood(SipTransport transport, IPEndPoint endPoint, TimeSpan time);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Takes what comes by a wire.</summary>
internal interface IWireReceiver
{
    /// <param name="wire">The wire it came by.</param>
    /// <param name="message">One whole message; valid during the call.</param>
    /// <param name="channel">What an answer to it is sent by.</param>
    void OnMessage(IWire wire, ReadOnlySpan<byte> message, int channel);
}

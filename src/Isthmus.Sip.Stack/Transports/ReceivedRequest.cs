// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>A request and where it came from.</summary>
/// <param name="Message">The request; its top Via says where it came from (RFC 3261 §18.2.1, RFC 3581).</param>
/// <param name="Flow">The flow it came by.</param>
public readonly record struct ReceivedRequest(SipRequest Message, Flow Flow);

/// <summary>A response and where it came from.</summary>
/// <param name="Message">The response; its top Via is one of ours.</param>
/// <param name="Flow">The flow it came by.</param>
public readonly record struct ReceivedResponse(SipResponse Message, Flow Flow);

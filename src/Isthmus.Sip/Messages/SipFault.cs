// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What is wrong with a message, as the answer that says so.</summary>
/// <param name="StatusCode">The status of the answer, such as 400 or 505.</param>
/// <param name="Reason">The reason phrase, which names the fault.</param>
public sealed record SipFault(int StatusCode, string Reason);

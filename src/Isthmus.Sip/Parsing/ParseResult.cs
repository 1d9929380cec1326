// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What reading a message gave.</summary>
/// <param name="Outcome">How far it got.</param>
/// <param name="Message">The message; null when <see cref="ParseOutcome.Unreadable"/>.</param>
/// <param name="Fault">What is wrong; null when <see cref="ParseOutcome.Ok"/>.</param>
public readonly record struct ParseResult(ParseOutcome Outcome, SipMessage? Message, SipFault? Fault);

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>What a terminal program is to do in a run.</summary>
/// <param name="Plan">The terminal.</param>
/// <param name="Transport">Its transport to its server.</param>
/// <param name="Tone">The tone that it plays, in Hz.</param>
/// <param name="IsCalled">Whether it is the called one.</param>
/// <param name="Answers">Whether it answers at once, or rings until it is told something.</param>
internal sealed record TerminalRole(Terminal Plan, SipTransport Transport, double Tone, bool IsCalled, bool Answers);

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>What a terminal does in a figure that is no call.</summary>
/// <param name="Who">The terminal.</param>
/// <param name="Does"><see cref="SipMethod.Message"/>: writes to somebody; <see cref="SipMethod.Subscribe"/>: watches somebody; <see cref="SipMethod.Publish"/>: says how it is.</param>
/// <param name="Whom">Whom it writes to or watches; itself where it publishes.</param>
public sealed record FigureStep(Terminal Who, SipMethod Does, Terminal Whom)
{
    /// <summary>The user part of the list by which it watches (RFC 4662), of which <see cref="Whom"/> is a member; null where it watches that one alone.</summary>
    public string? List { get; init; }
}

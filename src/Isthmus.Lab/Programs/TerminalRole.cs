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
internal sealed record TerminalRole(Terminal Plan, SipTransport Transport, double Tone, bool IsCalled, bool Answers)
{
    /// <summary>What it will be told to do in the place of a call, each with the SIP URI of whom it does that to: some programs must know before they start.</summary>
    public IReadOnlyList<(SipMethod Does, string Uri)> Steps { get; init; } = [];

    /// <summary>The SIP URI of a member of the list that it watches; null where it watches none.</summary>
    public string? Listed { get; init; }

    /// <summary>What others will do to it, each with the SIP URI of who does.</summary>
    public IReadOnlyList<(SipMethod Does, string Uri)> Answering { get; init; } = [];

    /// <summary>Whom it writes to or watches; null for nobody.</summary>
    public string? Contact => Steps.Where(step => step.Does != SipMethod.Publish).Select(step => step.Uri).FirstOrDefault();

    /// <summary>Whether it watches somebody.</summary>
    public bool Watches => Steps.Any(step => step.Does == SipMethod.Subscribe);

    /// <summary>Who will watch it, and be told by itself; null for nobody.</summary>
    public string? Watcher => Answering.Where(step => step.Does == SipMethod.Subscribe).Select(step => step.Uri).FirstOrDefault();

    /// <summary>Whether it says how it is.</summary>
    public bool Publishes => Steps.Any(step => step.Does == SipMethod.Publish);
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>One procedure: who has what, how they register, who calls whom, and the sequence that must then be seen.</summary>
/// <param name="Name">Its number or name, such as <c>3</c> or <c>E4-a1</c>.</param>
/// <param name="Title">What it shows, in one line.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="Callee">Who is called.</param>
/// <param name="Media">The IP version on which both must hear each other.</param>
public sealed record Figure(string Name, string Title, Terminal Caller, Terminal Callee, IpVersion Media)
{
    /// <summary>The methods of the judge under which this sequence is to be seen; the first is the described one.</summary>
    public required IReadOnlyList<JudgeMethod> Methods { get; init; }

    /// <summary>The arrows in order, as <see cref="Arrow.Notation"/> writes them: INVITE, final responses to it, and the ACK of the 200.</summary>
    public required IReadOnlyList<string> Sequence { get; init; }

    /// <summary>What the terminals do in the place of a call, in its order (FIG. 10); nothing for a call.</summary>
    public IReadOnlyList<FigureStep> Steps { get; init; } = [];

    /// <summary>Whether the called terminal is not there until all of <see cref="Steps"/> is done.</summary>
    public bool CalleeComesLater { get; init; }

    /// <summary>The requests that are seen in the place of a call, in the order in which <see cref="Sequence"/> has them; none for a call.</summary>
    public IReadOnlyList<SipMethod> Requests { get; init; } = [];

    /// <summary>The server that keeps the presence that is published and watched; null where terminals notify each other themselves.</summary>
    public string? PresenceServer { get; init; }

    /// <summary>The servers between the terminals from left to right: one, or one for each domain. The left terminal belongs to the first, the right one to the last.</summary>
    public IReadOnlyList<string> Servers { get; init; } = ["S1"];

    /// <summary>The terminal at the left; the one with the lower number unless another is said.</summary>
    public Terminal Left { get; init; } = string.CompareOrdinal(Caller.Name, Callee.Name) < 0 ? Caller : Callee;

    /// <summary>The other terminal.</summary>
    public Terminal Right => Left == Caller ? Callee : Caller;

    /// <summary>The terminals and the servers from left to right.</summary>
    public IReadOnlyList<string> Nodes => [Left.Name, .. Servers, Right.Name];
}

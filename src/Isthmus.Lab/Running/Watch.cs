// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>Looks at the packets while they are captured, so that a run knows how far it is, whatever programs take part.</summary>
internal sealed class Watch(Figure figure, NetworkPlan plan, Captures captures) : IDisposable
{
    private readonly Observation _seen = new(plan, captures.Begun);

    /// <summary>The arrows so far.</summary>
    private IReadOnlyList<Arrow> Arrows
    {
        get
        {
            captures.ReadInto(_seen);
            return _seen.Ladder.Arrows;
        }
    }

    /// <summary>Whether a terminal has its REGISTER answered with 200 on each of these versions.</summary>
    public bool IsRegistered(Terminal terminal, IpVersions versions) =>
        Arrows.Where(arrow => arrow.To == terminal.Name && arrow.Method == SipMethod.Register && arrow.Status == 200)
            .Aggregate(IpVersions.None, (set, arrow) => set | arrow.Version.AsSet).HasFlag(versions);

    /// <summary>Whether the caller knows that it rings.</summary>
    public bool Rings => Arrows.Any(arrow => arrow.To == figure.Caller.Name && arrow.Method == SipMethod.Invite && arrow.Status is 180 or 183);

    /// <summary>Whether the ACK of a 200 has reached the called terminal.</summary>
    public bool IsEstablished => Arrows.Any(arrow => arrow.To == figure.Callee.Name && arrow is { Status: null, IsHopAck: false } && arrow.Method == SipMethod.Ack);

    /// <summary>Whether the caller was refused and has not called again since.</summary>
    public bool IsRefused => Arrows.LastOrDefault(arrow => arrow.Method == SipMethod.Invite && (arrow.From == figure.Caller.Name || arrow.To == figure.Caller.Name)) is { Status: >= 300 };

    /// <summary>Whether a BYE was answered at the one who sent it.</summary>
    public bool IsEnded => Arrows.Any(arrow => arrow.Method == SipMethod.Bye && arrow.Status == 200 && (arrow.To == figure.Caller.Name || arrow.To == figure.Callee.Name));

    /// <summary>Whether every arrow of a figure that is no call was seen.</summary>
    public bool IsCarried
    {
        get
        {
            captures.ReadInto(_seen);
            return !figure.Sequence.Except(FigureSequence.Seen(_seen.Ladder, figure)).Any();
        }
    }

    /// <summary>Whether who does a step has its final answer.</summary>
    public bool IsAnswered(FigureStep step) => Arrows.Any(arrow => arrow.To == step.Who.Name && arrow.Method == step.Does && arrow.Status >= 200);

    /// <summary>How many NOTIFYs a terminal got, without repetitions.</summary>
    public int Notifications(Terminal terminal) =>
        Arrows.Where(arrow => arrow.To == terminal.Name && arrow.Method == SipMethod.Notify && arrow.Status is null).DistinctBy(arrow => (arrow.CallId, arrow.Sequence)).Count();

    /// <summary>RTP packets of the direction that has fewer.</summary>
    public int MediaBothWays
    {
        get
        {
            captures.ReadInto(_seen);
            return Math.Min(Packets(figure.Caller.Name, figure.Callee.Name), Packets(figure.Callee.Name, figure.Caller.Name));
        }
    }

    public void Dispose() => _seen.Dispose();

    private int Packets(string from, string to) => _seen.Media.Where(flow => flow.From == from && flow.To == to).Sum(flow => flow.Packets);
}

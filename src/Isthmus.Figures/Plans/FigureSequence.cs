// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>The arrows that a figure is made of, as <see cref="Arrow.Notation"/> writes them: which were seen, and which are expected.</summary>
public static class FigureSequence
{
    /// <summary>
    /// What a ladder shows of a figure: INVITE, its final responses, and the ACK of the 200. A retransmission is the same arrow, and so is a request that goes to
    /// the other address of its server too, because that one was slow to answer. An ACK of a 200 has another branch each time (RFC 3261 §13.2.2.4).
    /// </summary>
    public static IReadOnlyList<string> Seen(Ladder ladder) =>
    [
        .. ladder.Arrows
            .Where(arrow => arrow.Method == SipMethod.Invite ? arrow.Status is null or >= 200 : arrow.Method == SipMethod.Ack && !arrow.IsHopAck)
            .DistinctBy(arrow => arrow.Method == SipMethod.Invite && arrow.Status is null && arrow.Branch.Length > 0
                ? (arrow.From, arrow.To, arrow.Name, arrow.Sequence, arrow.Branch)
                : ("", "", arrow.Notation, arrow.Sequence, ""))
            .Select(arrow => arrow.Notation),
    ];

    /// <summary>
    /// What a ladder shows of a figure: of a call as <see cref="Seen(Ladder)"/> says; of other requests these and their final answers, one method after the other.
    /// What is watched is subscribed to, refreshed and notified again, as often as a program likes: each way is one arrow, and so is a way that it should not take.
    /// A MESSAGE counts each time. What programs send besides, such as a notice that they have displayed a message, is not the figure's.
    /// </summary>
    public static IReadOnlyList<string> Seen(Ladder ladder, Figure figure) => figure.Requests.Count == 0
        ? Seen(ladder)
        : [.. figure.Requests.SelectMany(method => OfSteps(ladder.Arrows, figure)
            .Where(arrow => arrow.Method == method && arrow is { IsRepeat: false, Status: null or >= 200 })
            .DistinctBy(arrow => method == SipMethod.Message ? (arrow.Notation, arrow.CallId + arrow.Branch) : (arrow.Notation, ""))
            .Select(arrow => arrow.Notation))];

    /// <summary>The arrows of what the terminals were told to do, and of what a server does by itself: who began it, by its Call-ID, and with what.</summary>
    public static IEnumerable<Arrow> OfSteps(IReadOnlyList<Arrow> arrows, Figure figure) =>
        from arrow in arrows
        group arrow by arrow.CallId into one
        let first = one.MinBy(arrow => arrow.At) // while packets are captured, those of one host may be known before those of another
        where figure.Servers.Contains(first.From) || figure.Steps.Any(step => first.From == step.Who.Name && first.Method == step.Does)
        from arrow in one
        select arrow;

    /// <summary>The arrows until the call reaches the called terminal for the last time; they are the same however the call ends.</summary>
    public static IReadOnlyList<string> UntilRinging(Figure figure) =>
        [.. figure.Sequence.Take(figure.Sequence.ToList().FindLastIndex(arrow => arrow.EndsWith(" INVITE", StringComparison.Ordinal)) + 1)];

    /// <summary>All arrows of a call that ends so: a call that is not answered gets 486 or 487 by the way that its INVITE went.</summary>
    public static IReadOnlyList<string> Expected(Figure figure, FigureEnding ending)
    {
        if (figure.Requests.Count > 0 || ending is FigureEnding.CallerHangsUp or FigureEnding.CalleeHangsUp)
        {
            return figure.Sequence;
        }

        string status = ending == FigureEnding.CalleeRejects ? "486" : "487";
        IReadOnlyList<string> until = UntilRinging(figure);
        return [.. until, .. until.Reverse().Take(figure.Servers.Count + 1).Select(arrow => Answered(arrow, status))];
    }

    /// <summary>Says how what was seen differs from what was expected.</summary>
    public static string Difference(IReadOnlyList<string> seen, IReadOnlyList<string> expected) =>
        $"the sequence was [{string.Join(", ", seen)}], expected [{string.Join(", ", expected)}]";

    private static string Answered(string arrow, string status) => arrow.Split(' ') is [var from, var line, var to, _] ? $"{to} {line} {from} {status}" : arrow;
}

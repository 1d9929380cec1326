// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>FIG. 10: each request and its answer arrive as they were sent, but for what every hop writes.</summary>
internal static class CarriedCheck
{
    private const int Shown = 100;

    /// <summary>What was changed on its way, and what it does not hold that it should.</summary>
    public static IEnumerable<string> Problems(Ladder ladder, Figure figure) => Changed(ladder, figure).Concat(Missing(ladder, figure));

    // RFC 4662 §5: all members in one document, in the first NOTIFY.
    private static IEnumerable<string> Missing(Ladder ladder, Figure figure) =>
        from step in figure.Steps
        where step.List is not null
        let notifications = ladder.Arrows.Where(arrow => arrow.To == step.Who.Name && arrow is { Status: null } && arrow.Method == SipMethod.Notify)
        where !notifications.Any(arrow => arrow.Matter.Contains("application/rlmi+xml", StringComparison.OrdinalIgnoreCase)
            && arrow.Matter.Contains($"entity=\"sip:{step.Whom.User}@", StringComparison.OrdinalIgnoreCase))
        select $"no NOTIFY told {step.Who.Name} of {step.Whom.Name} as a member of the list";

    private static IEnumerable<string> Changed(Ladder ladder, Figure figure) =>
        from arrow in ladder.Arrows
        where figure.Requests.Contains(arrow.Method) && arrow is { IsRepeat: false, Status: null or >= 200 }
        group arrow by (arrow.CallId, arrow.Method, arrow.Sequence, arrow.Status) into one
        let first = one.First()
        from other in one.Skip(1)
        where other.Matter != first.Matter && !(figure.CalleeComesLater && other.Matter == Dated(first.Matter, other.Matter))
        select $"{first.Name} {first.Sequence} left {first.From} and reached {other.To} with a difference: {Difference(first.Matter, other.Matter)}";

    // Who keeps a message says when it was sent, where the sender does not (RFC 3428 §4); he writes that behind the other fields.
    private static string Dated(string sent, string received)
    {
        string date = received.Split("\r\n").FirstOrDefault(line => line.StartsWith("Date: ", StringComparison.Ordinal)) ?? "";
        int end = sent.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 || sent.Contains("\r\nDate: ", StringComparison.Ordinal) ? sent : $"{sent[..end]}\r\n{date}{sent[end..]}";
    }

    private static string Difference(string sent, string received)
    {
        string[] before = sent.Split("\r\n"), after = received.Split("\r\n");
        int at = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"'{LineOf(before)}' became '{LineOf(after)}'";

        string LineOf(string[] lines) => at >= lines.Length ? "" : lines[at].Length > Shown ? lines[at][..Shown] : lines[at];
    }
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;

namespace Isthmus.Lab;

/// <summary>FIG. 10: each request and its answer arrive as they were sent, but for what every hop writes.</summary>
internal static class CarriedCheck
{
    private const int Shown = 100;

    /// <summary>What was changed on its way.</summary>
    public static IEnumerable<string> Problems(Ladder ladder, Figure figure) =>
        from arrow in ladder.Arrows
        where figure.Requests.Contains(arrow.Method) && arrow is { IsRepeat: false, Status: null or >= 200 }
        group arrow by (arrow.CallId, arrow.Method, arrow.Sequence, arrow.Status) into one
        let first = one.First()
        from other in one.Skip(1)
        where other.Matter != first.Matter
        select $"{first.Name} {first.Sequence} left {first.From} and reached {other.To} with a difference: {Difference(first.Matter, other.Matter)}";

    private static string Difference(string sent, string received)
    {
        string[] before = sent.Split("\r\n"), after = received.Split("\r\n");
        int at = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"'{LineOf(before)}' became '{LineOf(after)}'";

        string LineOf(string[] lines) => at >= lines.Length ? "" : lines[at].Length > Shown ? lines[at][..Shown] : lines[at];
    }
}

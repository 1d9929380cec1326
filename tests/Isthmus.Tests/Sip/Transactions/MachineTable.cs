// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip.Transactions;

/// <summary>
/// A machine's whole table as text, one line a transition: <c>State Event -> State effects</c>. Effects are the names of the actions and
/// the timers to start, such as <c>A=500</c> (milliseconds). Whatever is not in the table must change nothing.
/// </summary>
internal static class MachineTable
{
    public static void Check<TEvent>(string table, IReadOnlyDictionary<TransactionState, TEvent[]> ways, Func<(Func<TEvent, TransactionEffects> On, Func<TransactionState> State)> make)
        where TEvent : struct, Enum
    {
        var expected = new Dictionary<(TransactionState, TEvent), string>();
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sides = line.Split("->", StringSplitOptions.TrimEntries);
            var left = sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var right = sides[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            expected.Add((Enum.Parse<TransactionState>(left[0]), Enum.Parse<TEvent>(left[1])), string.Join(' ', right));
        }

        foreach (var (state, way) in ways)
        {
            foreach (var happened in Enum.GetValues<TEvent>())
            {
                var (on, now) = make();
                foreach (var step in way)
                {
                    on(step);
                }

                Assert.Equal(state, now());
                var effects = on(happened);
                Assert.Equal(
                    $"{state} {happened} -> " + (expected.Remove((state, happened), out var row) ? row : state.ToString()),
                    $"{state} {happened} -> {now()}{Describe(effects)}");
            }
        }

        Assert.Empty(expected);
    }

    private static string Describe(TransactionEffects effects)
    {
        var words = new List<string>();
        foreach (var action in Enum.GetValues<TransactionActions>())
        {
            if (action != TransactionActions.None && effects.Has(action))
            {
                words.Add(action.ToString());
            }
        }

        foreach (var timer in (TimerStart[])[effects.Retransmission, effects.Expiry])
        {
            if (timer.Timer != TransactionTimer.None)
            {
                words.Add(string.Create(CultureInfo.InvariantCulture, $"{timer.Timer}={timer.Due.TotalMilliseconds}"));
            }
        }

        return words.Count == 0 ? "" : " " + string.Join(' ', words);
    }
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip.Stack;

namespace Isthmus.Figures;

/// <summary>What a call leaves behind: nothing (row "bye" of the figures).</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for calls and media sockets to go, then, when asked for, for transactions; what is still there then is named.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<FigureTerminal> terminals, FigureServer server, TimeSpan linger, TimeProvider time)
    {
        await UntilAsync(() => terminals.All(terminal => terminal.Phone.Resources == default), linger > Patience ? linger : Patience, time);
        var left = terminals.Where(terminal => terminal.Phone.Resources != default).Select(terminal => $"{terminal.Plan.Name} still holds {terminal.Phone.Resources}").ToList();
        if (linger > TimeSpan.Zero)
        {
            await UntilAsync(() => terminals.All(terminal => IsQuiet(terminal.Phone.Stack.Snapshot)) && IsQuiet(server.Snapshot), linger, time);
            left.AddRange(terminals.Where(terminal => !IsQuiet(terminal.Phone.Stack.Snapshot)).Select(terminal => $"{terminal.Plan.Name} still holds {terminal.Phone.Stack.Snapshot}"));
            left.AddRange(IsQuiet(server.Snapshot) ? [] : [$"the server still holds {server.Snapshot}"]);
        }

        return left;
    }

    // Timers of registrations and idle connections stay; transactions must not.
    private static bool IsQuiet(StackSnapshot snapshot) => snapshot is { ServerTransactions: 0, ClientTransactions: 0, Pending: 0, Waiting: 0 };

    private static async Task UntilAsync(Func<bool> condition, TimeSpan atMost, TimeProvider time)
    {
        long begun = time.GetTimestamp();
        using var tick = new PeriodicTimer(Step, time);
        while (!condition() && time.GetElapsedTime(begun) < atMost)
        {
            await tick.WaitForNextTickAsync();
        }
    }
}

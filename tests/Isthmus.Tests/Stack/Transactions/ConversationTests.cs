// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>One owner per conversation: order, exclusion, bounds. Some on real threads, with a bounded number of rounds.</summary>
public sealed class ConversationTests
{
    private readonly TransactionCounters _counters = new();
    private readonly ConversationTable _table;

    public ConversationTests() => _table = new ConversationTable(4, 200_000, new TimerWheel(TimeProvider.System), _counters, NullLogger.Instance);

    [Fact]
    public void Post_Unowned_RunsOnTheCaller()
    {
        var thread = 0;
        _table["a"].Post(Do(() => thread = Environment.CurrentManagedThreadId));

        Assert.Equal(Environment.CurrentManagedThreadId, thread);
        Assert.Null(_table.Current);
    }

    [Fact]
    public void Post_FromInside_WaitsForTheEndOfTheCallback()
    {
        var order = new List<string>();
        var conversation = _table["a"];
        conversation.Post(Do(() =>
        {
            order.Add("first");
            conversation.Post(Do(() => order.Add("third")));
            order.Add("second");
        }));

        Assert.Equal(["first", "second", "third"], order);
    }

    [Fact]
    public void Run_FromInside_IsDirect()
    {
        var order = new List<string>();
        var conversation = _table["a"];
        conversation.Run(Do(() =>
        {
            conversation.Run(Do(() => order.Add("inner")));
            order.Add("outer");
        }));

        Assert.Equal(["inner", "outer"], order);
    }

    [Fact]
    public void Run_FromInsideThroughAnotherConversation_IsPosted()
    {
        var (a, b) = Two();
        var order = new List<string>();
        a.Run(Do(() =>
        {
            b.Run(Do(() =>
            {
                // Conversation a is in the middle of its callback, further out on this very thread.
                a.Run(Do(() => order.Add("back in a")));
                order.Add("b");
            }));
            order.Add("a");
        }));

        Assert.Equal(["b", "a", "back in a"], order);
    }

    [Fact]
    public void TryPost_Full_IsRefusedAndPostIsNot()
    {
        var conversation = _table["a"];
        var ran = 0;
        var taken = new List<bool>();
        conversation.Run(Do(() =>
        {
            for (var i = 0; i < 6; i++)
            {
                taken.Add(conversation.TryPost(Do(() => ran++)));
            }

            conversation.Post(Do(() => ran++));
            Assert.Equal(5, _table.Waiting);
        }));

        Assert.Equal([true, true, true, true, false, false], taken);
        Assert.Equal(5, ran);
        Assert.Equal(0, _table.Waiting);
    }

    [Fact]
    public void Callback_Throws_IsCountedAndTheNextOneRuns()
    {
        var conversation = _table["a"];
        var ran = false;
        conversation.Run(Do(() =>
        {
            conversation.Post(Do(() => ran = true));
            throw new InvalidOperationException("a bug");
        }));

        Assert.True(ran);
        Assert.Equal(1, _counters.UserFaults);
        Assert.Null(_table.Current);
    }

    [Fact]
    public void Post_FromManyThreads_KeepsEachOnesOrderAndExcludesTheOthers()
    {
        const int Threads = 4;
        const int Rounds = 20_000;
        const int Calls = 3;
        var seen = new int[Calls, Threads];
        var inside = new int[Calls];
        var faults = 0;
        var threads = new Thread[Threads];
        for (var t = 0; t < Threads; t++)
        {
            var me = t;
            threads[t] = new Thread(() =>
            {
                for (var round = 1; round <= Rounds; round++)
                {
                    var number = round;
                    for (var c = 0; c < Calls; c++)
                    {
                        var call = c;
                        _table["call" + call].Post(Do(() =>
                        {
                            faults += Interlocked.Increment(ref inside[call]) == 1 && seen[call, me] == number - 1 ? 0 : 1;
                            seen[call, me] = number;
                            Interlocked.Decrement(ref inside[call]);
                        }));
                    }
                }
            });
        }

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        // What a turn did not get to is worked by the thread pool.
        Assert.True(SpinWait.SpinUntil(() => _table.Waiting == 0 && seen.Cast<int>().All(last => last == Rounds), TimeSpan.FromSeconds(60)));
        Assert.Equal(0, faults);
        Assert.Equal(0, _counters.UserFaults);
    }

    [Fact]
    public void Run_MoreEventsThanATurn_TheCallerIsLetGoAndTheOrderKept()
    {
        const int Events = 1000;
        var conversation = _table["a"];
        var order = new List<int>();
        var here = 0;
        var thread = Environment.CurrentManagedThreadId;
        using var worked = new CountdownEvent(Events);
        conversation.Run(Do(() =>
        {
            for (var i = 0; i < Events; i++)
            {
                var number = i;
                conversation.Post(Do(() =>
                {
                    order.Add(number);
                    here += Environment.CurrentManagedThreadId == thread ? 1 : 0;
                    worked.Signal();
                }));
            }
        }));

        Assert.True(worked.Wait(TimeSpan.FromSeconds(60)));
        Assert.InRange(here, 1, Events / 2);
        Assert.Equal(Enumerable.Range(0, Events), order);
    }

    [Fact]
    public void Run_AcrossConversationsFromManyThreads_NeverDeadlocks()
    {
        var (a, b) = Two();
        var done = 0;
        var threads = new Thread[4];
        for (var t = 0; t < threads.Length; t++)
        {
            var (from, to) = t % 2 == 0 ? (a, b) : (b, a);
            threads[t] = new Thread(() =>
            {
                for (var round = 0; round < 20_000; round++)
                {
                    from.Run(Do(() => to.Run(Do(() => Interlocked.Increment(ref done)))));
                }
            });
        }

        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60))));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref done) == 80_000, TimeSpan.FromSeconds(60)));
    }

    private static Work Do(Action action) => new(static (subject, _, _) => ((Action)subject)(), action);

    /// <summary>Two Call-IDs whose hashes differ.</summary>
    private (Conversation, Conversation) Two()
    {
        var a = _table["a"];
        for (var i = 0; ; i++)
        {
            if (_table["b" + i] is var b && b != a)
            {
                return (a, b);
            }
        }
    }
}

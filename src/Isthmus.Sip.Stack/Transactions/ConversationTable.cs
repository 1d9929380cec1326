// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace Isthmus.Sip.Stack;

/// <summary>
/// All conversations, by the hash of their Call-ID. Their number is fixed, so that nothing has to be made or forgotten per call; two
/// calls that share one merely take turns.
/// </summary>
#pragma warning disable CA1001 // Threads may be on their way out when the stack closes; the thread-local value goes with the table.
internal sealed partial class ConversationTable
#pragma warning restore CA1001
{
    private const int Size = 256;

    private readonly Conversation[] _conversations = new Conversation[Size];
    private readonly ThreadLocal<Conversation?> _current = new();
    private readonly TransactionCounters _counters;
    private readonly ILogger _logger;

    public ConversationTable(int maxWaiting, int maxLingering, TimerWheel timers, TransactionCounters counters, ILogger logger)
    {
        Timers = timers;
        MaxWaiting = maxWaiting;
        MaxLingering = Math.Max(1, maxLingering / Size);
        _counters = counters;
        _logger = logger;
        for (var i = 0; i < Size; i++)
        {
            _conversations[i] = new Conversation(this, i);
        }
    }

    public TimerWheel Timers { get; }

    public int MaxWaiting { get; }

    /// <summary>How many answered transactions one conversation keeps: its share of all.</summary>
    public int MaxLingering { get; }

    /// <summary>The conversation whose event the calling thread works just now.</summary>
    public Conversation? Current
    {
        get => _current.Value;
        set => _current.Value = value;
    }

    public int Waiting
    {
        get
        {
            var waiting = 0;
            foreach (var conversation in _conversations)
            {
                waiting += conversation.Waiting;
            }

            return waiting;
        }
    }

    /// <summary>All of them, for what concerns every transaction.</summary>
    public IReadOnlyList<Conversation> All => _conversations;

    public Conversation this[string callId] => this[CallIdHash.Of(callId)];

    public Conversation this[SipMessage message] => this[message.CallIdHash];

    // These hashes are seeded per process: nobody outside can aim many Call-IDs at one conversation.
    public Conversation this[ulong callIdHash] => _conversations[callIdHash & (Size - 1)];

    /// <summary>Works one event. Whatever the user's code throws ends here: the conversation goes on with its next event.</summary>
    public void Work(in Work work)
    {
        try
        {
            work.Run();
        }
#pragma warning disable CA1031 // One faulty callback must not stop the thread that serves all others.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _counters.CountUserFault();
            LogFault(_logger, fault);
        }
    }

    /// <summary>Calls the user outside of any conversation, as safely as <see cref="Work"/> does inside.</summary>
    public void Guard(Action call) => Work(new Work(static (subject, _, _) => ((Action)subject)(), call));

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "A transaction user threw; its conversation goes on")]
    private static partial void LogFault(ILogger logger, Exception fault);
}

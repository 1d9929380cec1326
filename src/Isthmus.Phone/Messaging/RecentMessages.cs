// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>
/// The messages that came lately, for longer than their transactions: a server that stored one sends it again when it did not see that it arrived, and a
/// phone with two bindings is sent it twice. Safe for any thread.
/// </summary>
internal sealed class RecentMessages(TimeProvider time)
{
    /// <summary>How many are known again; beyond, the oldest is forgotten.</summary>
    public const int Most = 4096;

    /// <summary>How long one is known again.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly HashSet<Key> _known = [];
    private readonly Queue<(Key Key, DateTimeOffset Until)> _order = new();

    /// <summary>Whether a message came before, to the same account.</summary>
    public bool Has(SipRequest message, Account? account)
    {
        lock (_gate)
        {
            Forget();
            return _known.Contains(Key.Of(message, account));
        }
    }

    /// <summary>It came; false when it has come before.</summary>
    public bool Add(SipRequest message, Account? account)
    {
        var key = Key.Of(message, account);
        lock (_gate)
        {
            Forget();
            if (!_known.Add(key))
            {
                return false;
            }

            _order.Enqueue((key, time.GetUtcNow() + Memory));
            return true;
        }
    }

    private void Forget()
    {
        while (_order.TryPeek(out var oldest) && (_order.Count >= Most || oldest.Until <= time.GetUtcNow()))
        {
            _known.Remove(oldest.Key);
            _order.Dequeue();
        }
    }

    private readonly record struct Key(string CallId, uint Sequence, string FromTag, string Account)
    {
        public static Key Of(SipRequest message, Account? account) => new(message.CallId, message.CSeqNumber, message.From.Tag ?? "", account?.Address ?? "");
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Isthmus.Sip.Stack;

/// <summary>Finds what belongs to a dialog: a call, a subscription. Safe for many threads.</summary>
/// <typeparam name="T">What the user keeps for a dialog.</typeparam>
public sealed class DialogTable<T>
    where T : class
{
    private readonly ConcurrentDictionary<DialogId, T> _held = [];

    /// <summary>How many dialogs there are.</summary>
    public int Count => _held.Count;

    /// <summary>Adds a dialog. False: there is one with this name already.</summary>
    public bool TryAdd(DialogId id, T held) => _held.TryAdd(id, held);

    /// <summary>What belongs to a dialog; null: nothing, answer 481 to a request.</summary>
    public T? Find(DialogId id) => _held.GetValueOrDefault(id);

    /// <summary>What a request from the other end belongs to; null: nothing, or it has no To tag.</summary>
    public T? Find(SipRequest received) => DialogId.OfReceived(received) is { } id ? Find(id) : null;

    /// <summary>What a response from the other end belongs to; null: nothing, or it has no To tag.</summary>
    public T? Find(SipResponse received) => DialogId.OfReceived(received) is { } id ? Find(id) : null;

    /// <summary>Forgets a dialog. False: it was not there.</summary>
    public bool Remove(DialogId id) => _held.TryRemove(id, out _);
}

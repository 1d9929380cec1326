// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What a calling phone does in one call. Keeps nothing of the call itself: that is in <see cref="Call"/>.</summary>
internal abstract class Workload
{
    /// <summary>Sends the first request of a call.</summary>
    public abstract void Begin(Call call, IWire wire);

    /// <summary>Goes on after a response.</summary>
    public abstract CallProgress OnAnswer(Call call, Answer answer, ReadOnlySpan<byte> message, IWire wire);

    /// <summary>Sends again what is not answered yet (RFC 3261 §17.1).</summary>
    public abstract void Repeat(Call call, IWire wire);

    /// <summary>What differs in the messages of the call with this count.</summary>
    public abstract CallFields FieldsOf(ulong call, long count);

    /// <summary>So many calls make sense at a time.</summary>
    public virtual int MostInFlight => int.MaxValue;

    /// <summary>A call was never answered, or never to its end, and is over.</summary>
    public virtual void GiveUp(Call call)
    {
        // Most calls leave nothing behind.
    }

    /// <summary>Goes on after a request that reached a called phone because of the call: a NOTIFY.</summary>
    public virtual CallProgress OnNotice(Call call) => CallProgress.Waiting;
}

// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>One message on its way, from the first attempt until <see cref="Done"/>: what can be sent again, and what failures are reported to.</summary>
internal sealed class Outgoing(TransportLayer layer, ISendObserver? observer)
{
    private WayByUdp? _fallBack;
    private WheelTimer _fallBackTimer;
    private volatile bool _done;

    /// <summary>The message as sent, with its Via.</summary>
    public required SipMessage Message { get; set; }

    /// <summary>By which flow; null when there was none.</summary>
    public Flow? Flow { get; set; }

    /// <summary>Whether the flow delivers by itself, so that no timer need send again.</summary>
    public bool IsReliable => Flow?.Transport.IsReliable ?? false;

    internal ISendObserver? Observer => observer;

    /// <summary>The list and the node by which this message is watched; under the list's lock.</summary>
    internal (WatchList List, LinkedListNode<Outgoing> Node)? Watch { get; set; }

    /// <summary>Sends the same bytes by the same flow once more.</summary>
    public void Resend() => layer.Resend(this);

    /// <summary>Nobody is interested in failures any more.</summary>
    public void Done()
    {
        _done = true;
        TakeFallBack();
        Watch?.List.Remove(this);
    }

    internal void WatchIn(WatchList list)
    {
        if (observer is not null && !list.TryAdd(this))
        {
            throw new InvalidOperationException("A retired list was taken for a living one.");
        }
        Settle();
    }

    /// <summary>Whoever was done while the message was being put on a list takes it off again.</summary>
    internal void Settle()
    {
        if (_done)
        {
            Watch?.List.Remove(this);
        }
    }

    internal bool HasFallBack => _fallBack is not null;

    internal void SetFallBack(WayByUdp way, WheelTimer timer) => (_fallBackTimer, _fallBack) = (timer, way);

    /// <summary>The way out when there is no connection; whoever takes it goes it. Null when it is taken, or not wanted any more.</summary>
    internal WayByUdp? TakeFallBack()
    {
        var way = Interlocked.Exchange(ref _fallBack, null);
        if (way is not null)
        {
            _fallBackTimer.Cancel();
        }
        return _done ? null : way;
    }

    /// <summary>A request without its Via, and where UDP would have taken it.</summary>
    internal sealed record WayByUdp(SipRequest Request, string Branch, IPEndPoint Remote);
}

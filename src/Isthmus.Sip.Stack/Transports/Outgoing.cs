// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>A message on its way, from the first attempt until <see cref="Done"/>: what can be sent again, and who hears that it did not arrive.</summary>
public abstract class Outgoing
{
    private IPEndPoint? _fallBack;
    private WheelTimer _fallBackTimer;
    private volatile bool _done;

    internal Outgoing()
    {
    }

    /// <summary>The message as sent: a request with its Via. Null before there is one.</summary>
    internal SipMessage? Sent { get; set; }

    /// <summary>By which flow; null when there was none.</summary>
    internal Flow? Path { get; set; }

    /// <summary>Whether the flow delivers by itself, so that no timer need send again.</summary>
    internal bool IsReliable => Path?.Transport.IsReliable ?? false;

    /// <summary>Whether a failure means anything to its user.</summary>
    internal virtual bool WantsFailures => true;

    internal bool HasFallBack => _fallBack is not null;

    /// <summary>Whether the Via names the same socket of ours however it is sent: that of another copy.</summary>
    internal virtual bool KeepsName => false;

    /// <summary>Nobody is interested in failures any more.</summary>
    internal bool IsDone => _done;

    /// <summary>Who was told of a failure may still hear of it when it is done: such an object is not used again.</summary>
    internal bool WasReported { get; set; }

    /// <summary>The list by which this message is watched, and its neighbours there; under the list's lock.</summary>
    internal WatchList? Watch { get; set; }

    internal Outgoing? NextWatched { get; set; }

    internal Outgoing? PreviousWatched { get; set; }

    /// <summary>
    /// It did not arrive, or its connection is gone and no answer can come by it. Called from any thread, also from inside the sending
    /// call; may be said more than once. Whoever hears it tries <see cref="TransportLayer.TryFallBack"/> first.
    /// </summary>
    internal abstract void OnFailed(SocketError? error);

    /// <summary>The connection that it waits for is there.</summary>
    internal virtual void OnConnected()
    {
    }

    /// <summary>Nobody is interested in failures any more.</summary>
    internal void Done()
    {
        _done = true;
        TakeFallBack();
        Watch?.Remove(this);
    }

    /// <summary>As if new.</summary>
    private protected void Renew()
    {
        _done = false;
        Path = null;
        Sent = null;
    }

    internal void SetFallBack(IPEndPoint remote, WheelTimer timer) => (_fallBackTimer, _fallBack) = (timer, remote);

    /// <summary>Where UDP would take the request when there is no connection; whoever takes it goes there. Null when it is taken, or not wanted any more.</summary>
    internal IPEndPoint? TakeFallBack()
    {
        if (_fallBack is null)
        {
            return null;
        }
        var remote = Interlocked.Exchange(ref _fallBack, null);
        if (remote is not null)
        {
            _fallBackTimer.Cancel();
        }
        return _done ? null : remote;
    }
}

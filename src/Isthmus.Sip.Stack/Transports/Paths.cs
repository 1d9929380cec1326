// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>Finds the flows by which messages leave: a request's to its target, and a response's back (RFC 3261 §18.1.1, §18.2.2).</summary>
internal sealed class Paths(ListenerTable listeners, TimerWheel timers, StackCounters counters)
{
    private ConnectionTable? _connections;

    /// <summary>The places used lately.</summary>
    public TargetCache Targets { get; } = new();

    /// <summary>From now on there may be connections.</summary>
    public void Begin(ConnectionTable connections) => _connections = connections;

    /// <summary>The flow by which a request there would go; null when no listener fits.</summary>
    public Flow? Towards(Target target)
    {
        if (Known(target) is { } known)
        {
            return known;
        }
        if (target.Transport.IsReliable && _connections?.Find(target.Transport, target.EndPoint) is { } connection)
        {
            return connection.Flow;
        }
        if (target.Found is { } found && found.By == this && timers.Now - found.Since < timers.TicksIn(RouteCache.Lifetime))
        {
            return found.Flow;
        }
        if (listeners.Towards(target.Transport, target.EndPoint.Address) is not var (listener, local))
        {
            return null;
        }
        if (target.Found is { } last && last.By == this && last.Flow.IsFrom(listener, local))
        {
            last.Since = timers.Now; // the route is the same still
            return last.Flow;
        }
        var flow = new Flow(listener, target.Transport.IsReliable ? new IPEndPoint(local, 0) : listener.EndPointAt(local), target.EndPoint);
        target.Found = new(this, flow, timers.Now);
        return flow;
    }

    /// <summary>The flow by which a request goes there now: where that is a connection, it is made if need be.</summary>
    public Flow? To(Target target) =>
        target.Transport.IsReliable ? Known(target) ?? Connect(target.Transport, target.EndPoint)?.Flow : Towards(target);

    /// <summary>The connection there, made if need be; null when no listener fits or a cap is reached.</summary>
    public SipConnection? Connect(SipTransport transport, IPEndPoint remote) =>
        _connections!.Find(transport, remote)
        ?? (listeners.Towards(transport, remote.Address) is var (listener, local) ? _connections.FindOrConnect(listener, local, remote) : null);

    /// <summary>Where the response to a request goes (RFC 3261 §18.2.2, RFC 3581 §4); null when its top Via names no place.</summary>
    /// <param name="via">The top Via of the request or of a response to it.</param>
    /// <param name="cameBy">The flow the request came by; null when that is not known.</param>
    public Flow? Back(in ViaView via, Flow? cameBy)
    {
        var flow = ResponseRoute.LivingConnection(cameBy) ?? ByVia(via, cameBy);
        if (flow is null)
        {
            counters.Count(StackCounter.ResponsesWithoutPlaceDropped);
        }
        return flow;
    }

    /// <summary>As <see cref="Back"/>, when the connection that the request came by is gone.</summary>
    public Flow? ByVia(in ViaView via, Flow? cameBy)
    {
        if (cameBy is not null && ResponseRoute.IsSource(via, cameBy))
        {
            return cameBy;
        }
        if (cameBy is null && ByDatagram(via) is { } known)
        {
            return known;
        }
        if (ResponseRoute.PlaceOf(via, cameBy) is not var (transport, place))
        {
            return null;
        }
        if (transport.IsReliable)
        {
            var source = cameBy is null ? ResponseRoute.SourceOf(via) : null;
            return (source is null ? null : _connections!.Find(transport, source)?.Flow) ?? Connect(transport, place)?.Flow;
        }
        // RFC 3581 §4: from the very socket and address that the request came to.
        return cameBy is null ? Towards(new Target(transport, place))
            : cameBy.Remote.Equals(place) ? cameBy
            : new Flow(cameBy.Listener, cameBy.Local, place);
    }

    private Flow? Known(Target target)
    {
        if (target.Flow is not { IsAlive: true } flow || flow.Transport != target.Transport || flow.Version != target.EndPoint.Address.Version)
        {
            return null;
        }
        if (flow.Connection is not null || flow.Remote.Equals(target.EndPoint))
        {
            return flow;
        }
        if (target.Found is not { } found || found.By != this)
        {
            target.Found = found = new(this, new Flow(flow.Listener, flow.Local, target.EndPoint), long.MaxValue);
        }
        return found.Flow;
    }

    // The usual way of a response outside of any transaction, without making anything: to where we noted that its request came from.
    private Flow? ByDatagram(in ViaView via) =>
        via.Transport == SipTransport.Udp && via.Rport is { } port && !via.HasMaddr && Targets.TryFind(SipTransport.Udp, via.Received, port, out var target)
        && ResponseRoute.MayBeAnswered(target.EndPoint.Address)
            ? Towards(target)
            : null;
}

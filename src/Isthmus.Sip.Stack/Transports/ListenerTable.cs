// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>The open listeners: which one fits a destination, and by which names we go.</summary>
internal sealed class ListenerTable(RouteCache routes)
{
    private readonly ConcurrentDictionary<HostPort, bool> _names = new();
    private volatile Listener[] _all = [];

    public IReadOnlyList<Listener> All => _all;

    public void Add(Listener listener)
    {
        _all = [.. _all, listener];
        if (!listener.IsWildcard || listener.Options.AdvertisedHost is not null)
        {
            _names[listener.SentBy(listener.LocalEndPoint.Address)] = true;
        }
    }

    /// <summary>What a Via by this flow says; it is remembered, to know the responses to it again.</summary>
    public OwnName NameFor(Flow flow)
    {
        var name = flow.Name;
        if (!name.IsNoted)
        {
            _names.TryAdd(name.SentBy, true); // as many as there are listeners and local addresses
            name.IsNoted = true;
        }
        return name;
    }

    /// <summary>Whether a Via with this sent-by, on a response that came by this flow, is one that we would write (RFC 3261 §18.1.2).</summary>
    public bool IsOurs(in ViaView via, Flow flow)
    {
        if (via.SentByIs(flow.Name.SentBy))
        {
            return true;
        }
        if (!Host.TryParse(via.Host, out var host))
        {
            return false;
        }
        var full = new HostPort(host, via.Port ?? flow.Transport.DefaultPort);
        return full == flow.SentBy || _names.ContainsKey(full);
    }

    /// <summary>The listener to send from, and the source address; null when none of that transport and version reaches there.</summary>
    public (Listener Listener, IPAddress Local)? Towards(SipTransport transport, IPAddress remote)
    {
        if (OnlyOne(transport, remote.Version) is { } only)
        {
            // There is nothing to choose, so the routing table need not be asked.
            return IsReachedFrom(only, remote) ? (only, only.LocalEndPoint.Address) : null;
        }
        var source = routes.LocalTowards(remote);
        (Listener, IPAddress)? found = null;
        foreach (var listener in _all)
        {
            if (listener.Transport != transport || listener.Version != remote.Version)
            {
                continue;
            }
            if (listener.IsWildcard)
            {
                if (source is not null)
                {
                    found = found is null ? (listener, source) : found;
                }
                continue;
            }
            if (listener.LocalEndPoint.Address.Equals(source))
            {
                return (listener, source);
            }
            if (found is null && IsReachedFrom(listener, remote))
            {
                found = (listener, listener.LocalEndPoint.Address);
            }
        }
        return found;
    }

    // From a loopback address one gets nowhere else; any other address may do, if the kernel thinks so.
    private static bool IsReachedFrom(Listener listener, IPAddress remote) =>
        IPAddress.IsLoopback(listener.LocalEndPoint.Address) == IPAddress.IsLoopback(remote);

    /// <summary>The listener of that transport and version, where there is one only and it is bound to one address.</summary>
    public Listener? OnlyOne(SipTransport transport, IpVersion version)
    {
        Listener? only = null;
        foreach (var listener in _all)
        {
            if (listener.Transport == transport && listener.Version == version)
            {
                if (only is not null || listener.IsWildcard)
                {
                    return null;
                }
                only = listener;
            }
        }
        return only;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>The servers of another domain in the order in which one request tries them, by their places in it, and what is learnt of them meanwhile.</summary>
internal sealed class WalkServers
{
    private readonly ProxyEnvironment _environment;
    private readonly ServerList _list;

    /// <param name="environment">The proxy.</param>
    /// <param name="list">The servers in the order that the judge wants.</param>
    public WalkServers(ProxyEnvironment environment, ServerList list) =>
        (_environment, _list) = (environment, list with { Targets = WalkOrder.Of(list.Targets, environment.Health) });

    /// <summary>How many there are.</summary>
    public int Count => _list.Targets.Count;

    /// <summary>Where one is.</summary>
    public Target TargetAt(int server) => _environment.Stack.TargetOf(_list.Targets[server].Transport, _list.Targets[server].EndPoint);

    /// <summary>What a branch that goes to these servers has for its target when it goes to this one.</summary>
    public ProxyTarget Towards(int server, in ProxyTarget target) => target with { NextHop = TargetAt(server), Servers = _list, ServerIndex = server };

    /// <summary>Whether one is at an address.</summary>
    public bool IsAt(int server, IPEndPoint endPoint) => _list.Targets[server].EndPoint.Equals(endPoint);

    /// <summary>How long one may be silent until it is doubted.</summary>
    public TimeSpan PatienceWith(int server) =>
        _list.Targets[server] is var target && (target.Transport.IsReliable || _environment.Health.StateOf(target.Transport, target.EndPoint) == TargetState.Good)
            ? WalkTimes.SilenceOfGood
            : WalkTimes.Silence;

    /// <summary>Whether two are one server by two addresses.</summary>
    public bool AreSame(int one, int other)
    {
        LocatedTarget a = _list.Targets[one];
        LocatedTarget b = _list.Targets[other];
        return a.HostName is { } name && name.Equals(b.HostName, StringComparison.OrdinalIgnoreCase)
            && (a.Group, a.Transport, a.EndPoint.Port) == (b.Group, b.Transport, b.EndPoint.Port);
    }

    /// <summary>The other address of the same server: only where the server has just one of each version, for else they may be several machines.</summary>
    public int? OtherAddressOf(int server)
    {
        int? other = null;
        for (int i = 0; i < Count; i++)
        {
            if (i != server && AreSame(i, server))
            {
                if (other is not null || _list.Targets[i].Version == _list.Targets[server].Version)
                {
                    return null;
                }

                other = i;
            }
        }

        return other;
    }

    /// <summary>Asks one whether it is there.</summary>
    public void Ask(int server, Action<bool> heard) => _environment.Prober.Ask(TargetAt(server), heard);

    /// <summary>One answered.</summary>
    /// <param name="server">Which.</param>
    /// <param name="roundTrip">In which time; null where nobody knows.</param>
    public void Answered(int server, TimeSpan? roundTrip) =>
        _environment.Health.Answered(_list.Targets[server].Transport, _list.Targets[server].EndPoint, roundTrip);

    /// <summary>One failed.</summary>
    public void Failed(int server, TargetFault fault = TargetFault.Silent) => Failed(TargetAt(server), fault);

    /// <summary>An address failed.</summary>
    public void Failed(Target target, TargetFault fault) => _environment.Prober.Failed(target, fault: fault);

    /// <summary>One answered 503 (RFC 3261 §21.5.4).</summary>
    /// <param name="server">Which.</param>
    /// <param name="retryAfter">How long it wants to be spared; null where it does not say.</param>
    public void Refused(int server, TimeSpan? retryAfter) => _environment.Prober.Failed(TargetAt(server), retryAfter, TargetFault.Unavailable);
}

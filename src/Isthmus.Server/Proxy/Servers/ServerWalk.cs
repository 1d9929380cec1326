// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The way of one request through the servers of another domain until one of them answers (RFC 3263 §4.3, docs/decisions/0044). Connections are raced, a
/// request is not: it goes to the other address of the same server in the same transaction, and to another server only when the first one has
/// ended it, or has said nothing at all while the other one says that it is there. For the owner of the conversation.
/// </summary>
internal sealed class ServerWalk
{
    private const int None = -1;

    private readonly ProxyEnvironment _environment;
    private readonly ResponseContext _context;
    private readonly string _callId;
    private readonly bool _isInvite;
    private readonly ServerList _servers;
    private readonly WalkMarks _marks;
    private readonly long _began;
    private ProxyBranch _branch;
    private ConversationTimer? _timer;
    private Phase _phase;
    private bool _isConnecting;
    private bool _isOldConnection;
    private bool _hasReconnected;
    private TargetFault _fault;
    private long _sent;
    private int _at = None;
    private int _also = None;

    /// <param name="environment">The proxy.</param>
    /// <param name="context">Sends.</param>
    /// <param name="branch">The branch that goes to the first server.</param>
    /// <param name="servers">The servers in the order that the judge wants.</param>
    /// <param name="request">The request.</param>
    public ServerWalk(ProxyEnvironment environment, ResponseContext context, ProxyBranch branch, ServerList servers, SipRequest request)
    {
        (_environment, _context, _branch) = (environment, context, branch);
        (_callId, _isInvite) = (request.CallId, request.Method == SipMethod.Invite);
        _servers = servers with { Targets = WalkOrder.Of(servers.Targets, environment.Health) };
        _marks = new WalkMarks(_servers.Targets.Count);
        _began = Stack.Time.GetTimestamp();
    }

    private enum Phase
    {
        /// <summary>A server is looked for that can be sent to.</summary>
        Opening,

        /// <summary>The request was sent.</summary>
        Waiting,

        /// <summary>Nothing was heard for long: who is there at all?</summary>
        Asking,

        /// <summary>Nor since: whoever else is there gets the request.</summary>
        Leaving,

        /// <summary>Something was heard.</summary>
        Heard,

        Over,
    }

    private SipStack Stack => _environment.Stack;

    /// <summary>Finds the first server that can be sent to.</summary>
    public void Begin() => Open();

    /// <summary>Nobody is interested any more.</summary>
    public void End() => Enter(Phase.Over);

    /// <summary>Another branch is the one that counts.</summary>
    public void GoOnAs(ProxyBranch branch)
    {
        _branch = branch;
        if (branch.Transaction is not null)
        {
            // It comes back: nothing is done for it but waiting.
            (_at, _also) = (branch.Target.ServerIndex, None);
            Enter(Phase.Waiting);
        }
    }

    /// <summary>A response came to the branch.</summary>
    public void Heard(SipResponse response)
    {
        if (_phase == Phase.Heard)
        {
            return;
        }

        Enter(Phase.Heard);
        TimeSpan? roundTrip = Stack.Time.GetElapsedTime(_sent);
        if (_also != None && _branch.Transaction?.Target.EndPoint.Equals(_servers.Targets[_also].EndPoint) == true)
        {
            Failed(_at); // it was silent all the time
            TakeAlso();
            roundTrip = null;
        }

        if (response.StatusCode != 503)
        {
            // Once the request was repeated, nobody knows to which copy that is the answer.
            Answered(_at, roundTrip < Stack.Options.Times.T1 ? roundTrip : null);
        }
    }

    /// <summary>One of the two addresses that the request was sent to failed; the other one goes on.</summary>
    public void OnWayLost(Target target, SocketError? error)
    {
        _environment.Prober.Failed(target, fault: TargetFaultOperations.Of(error));
        if (_also != None && target.EndPoint.Equals(_servers.Targets[_at].EndPoint))
        {
            TakeAlso();
        }

        _also = None;
    }

    /// <summary>The request could not be delivered; what follows from that, the context says.</summary>
    public void OnBreak(SocketError? error) => _fault = TargetFaultOperations.Of(error);

    /// <summary>The caller gives up. What was silent for longer than can be chance is remembered, so that the next call begins elsewhere.</summary>
    public void GiveUp()
    {
        if (_at != None && _phase is Phase.Waiting or Phase.Asking or Phase.Leaving && Stack.Time.GetElapsedTime(_sent) >= WalkTimes.Hopeless)
        {
            FailedHere();
        }

        End();
    }

    /// <summary>
    /// The request could not be delivered. A connection from before may have been stale (a server that lost its power says nothing before it is spoken to): once
    /// there is a new one to the same server; else the next server. False: there is none, or no time.
    /// </summary>
    public bool TryAfterBreak()
    {
        if (!_isOldConnection || _hasReconnected)
        {
            return TryNext();
        }

        _hasReconnected = true;
        _marks.TryAgain(_at);
        return Next();
    }

    /// <summary>The server could not be sent to, or did not answer in time: the next one. False: there is none, or no time.</summary>
    public bool TryNext()
    {
        FailedHere();
        return Next();
    }

    /// <summary>The server answered 503: the next one that is not the same by another address. False: there is none, or no time.</summary>
    /// <param name="retryAfter">How long it wants to be spared.</param>
    public bool TryNext(TimeSpan? retryAfter)
    {
        for (int i = 0; i < _servers.Targets.Count; i++)
        {
            if (i == _at || IsSameHost(i, _at))
            {
                _marks.Try(i);
                _environment.Prober.Failed(TargetAt(i), retryAfter, TargetFault.Unavailable);
            }
        }

        return Next();
    }

    private bool Next()
    {
        // Who sent a request other than INVITE waits no longer than timer F, and no 408 is sent to him either (RFC 4320 §4.2).
        if (!_marks.HasUntried || (!_isInvite && Stack.Time.GetElapsedTime(_began) >= Stack.Options.Times.Timeout))
        {
            return false;
        }

        _context.Replace(_branch);
        Open();
        return true;
    }

    // RFC 8305 §5: begins to connect to one after the other until one is there. A datagram needs no connection.
    private void Open()
    {
        Enter(Phase.Opening);
        while (_marks.TakeUntried() is { } server)
        {
            Target target = TargetAt(server);
            if (Stack.FlowTowards(target) is null)
            {
                continue; // nothing here can send there
            }

            if (!target.Transport.IsReliable)
            {
                Go(server);
                return;
            }

            Connect(server, target);
            if (_phase != Phase.Opening)
            {
                return; // it was there
            }

            if (_marks.IsOpening(server))
            {
                SetTimer(WalkTimes.Stagger, Open);
                return;
            }
        }

        if (!_marks.AreOpening)
        {
            _context.Lose(_branch, 503);
        }
    }

    private void Connect(int server, Target target)
    {
        _marks.BeginsToOpen(server);
        _isConnecting = true;
        Stack.Connect(target, (flow, error) => OnOwner(() => Opened(server, flow is not null, error)));
        _isConnecting = false;
    }

    private void Opened(int server, bool isThere, SocketError? error)
    {
        bool isAwaited = _marks.EndsToOpen(server) && _phase == Phase.Opening;
        if (isThere)
        {
            Answered(server, null);
            if (isAwaited)
            {
                Go(server);
            }
        }
        else
        {
            Failed(server, TargetFaultOperations.Of(error));
            if (isAwaited && !_isConnecting)
            {
                Open();
            }
        }
    }

    private void Go(int server)
    {
        _marks.Try(server);
        while (_marks.TakeOpening() is { } slower)
        {
            if (slower < server)
            {
                Failed(slower); // it began earlier
            }
        }

        (_at, _also, _sent, _isOldConnection, _fault) = (server, None, Stack.Time.GetTimestamp(), _isConnecting, TargetFault.Silent);
        Enter(Phase.Waiting);
        _branch.GoTo(Towards(server));
        if (!_context.Send(_branch))
        {
            Open();
            return;
        }

        if (_servers.Targets.Count == 1)
        {
            return; // there is nowhere else to go
        }

        LocatedTarget target = _servers.Targets[server];
        bool isGood = target.Transport.IsReliable || _environment.Health.StateOf(target.Transport, target.EndPoint) == TargetState.Good;
        SetTimer(isGood ? WalkTimes.SilenceOfGood : WalkTimes.Silence, Doubt);
    }

    // Not even a 100 has come.
    private void Doubt()
    {
        if (OtherAddressOf(_at) is { } other && _context.SendAlso(_branch, Towards(other)))
        {
            _marks.Try(other);
            _also = other;
        }

        if (!_marks.HasUntried && _also == None)
        {
            return; // the transaction's own time decides
        }

        Enter(Phase.Asking);
        SetTimer(WalkTimes.Grace, Leave);
        Ask(_at);
        if (_also != None)
        {
            Ask(_also);
        }

        AskNext();
    }

    private bool AskNext()
    {
        if (_marks.TakeUnasked() is not { } server)
        {
            return false;
        }

        Ask(server);
        return true;
    }

    private void Ask(int server) => _environment.Prober.Ask(TargetAt(server), isThere => OnOwner(() => Asked(server, isThere)));

    private void Asked(int server, bool isThere)
    {
        if (!isThere || _phase is not (Phase.Asking or Phase.Leaving))
        {
            return;
        }

        _marks.IsThere(server);
        if (server == _at || server == _also)
        {
            Enter(Phase.Waiting); // it lives: its answer is awaited
        }
        else if (_phase == Phase.Leaving)
        {
            Leave();
        }
    }

    private void Leave()
    {
        _phase = Phase.Leaving;
        if (_marks.FirstThere is { } next)
        {
            FailedHere();
            _context.Replace(_branch);
            Go(next);
        }
        else if (AskNext())
        {
            SetTimer(WalkTimes.Stagger, Leave);
        }
    }

    private void TakeAlso()
    {
        (_at, _also) = (_also, None);
        _branch.GoTo(Towards(_at));
    }

    // The other address of the same server: only where the server has just one of each version, for else they may be several machines.
    private int? OtherAddressOf(int server)
    {
        int? other = null;
        for (int i = 0; i < _servers.Targets.Count; i++)
        {
            if (i != server && IsSameHost(i, server))
            {
                if (other is not null || _servers.Targets[i].Version == _servers.Targets[server].Version || _marks.IsTried(i))
                {
                    return null;
                }

                other = i;
            }
        }

        return other;
    }

    private bool IsSameHost(int one, int other)
    {
        LocatedTarget a = _servers.Targets[one];
        LocatedTarget b = _servers.Targets[other];
        return a.HostName is { } name && name.Equals(b.HostName, StringComparison.OrdinalIgnoreCase)
            && (a.Group, a.Transport, a.EndPoint.Port) == (b.Group, b.Transport, b.EndPoint.Port);
    }

    private void FailedHere()
    {
        // What says that it is there, but not to this request, is not to blame for the silence of the other address.
        if (_also == None || !_marks.SaysItIsThere(_at))
        {
            Failed(_at, _fault);
        }

        if (_also != None && !_marks.SaysItIsThere(_also))
        {
            Failed(_also);
        }
    }

    private void Failed(int server, TargetFault fault = TargetFault.Silent) => _environment.Prober.Failed(TargetAt(server), fault: fault);

    private void Answered(int server, TimeSpan? roundTrip) =>
        _environment.Health.Answered(_servers.Targets[server].Transport, _servers.Targets[server].EndPoint, roundTrip);

    private Target TargetAt(int server) => Stack.TargetOf(_servers.Targets[server].Transport, _servers.Targets[server].EndPoint);

    private ProxyTarget Towards(int server) => _branch.Target with { NextHop = TargetAt(server), Servers = _servers, ServerIndex = server };

    private void Enter(Phase phase)
    {
        _phase = phase;
        _timer?.Cancel();
        _timer = null;
    }

    private void SetTimer(TimeSpan after, Action action)
    {
        _timer?.Cancel();
        _timer = Stack.RunIn(_callId, after, () =>
        {
            action();
            _context.Settle();
        });
    }

    // From any thread, or from inside of a call of ours.
    private void OnOwner(Action action) => Stack.RunIn(_callId, () =>
    {
        if (_phase == Phase.Over)
        {
            return;
        }

        action();
        if (!_isConnecting)
        {
            _context.Settle();
        }
    });
}

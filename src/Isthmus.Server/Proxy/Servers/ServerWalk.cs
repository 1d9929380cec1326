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

    private readonly SipStack _stack;
    private readonly ResponseContext _context;
    private readonly Forwarding _forwarding;
    private readonly string _callId;
    private readonly WalkServers _servers;
    private readonly WalkMarks _marks;
    private readonly long _began;
    private ProxyBranch _branch;
    private ConversationTimer? _timer;
    private WalkPhase _phase;
    private bool _isConnecting;
    private bool _isOldConnection;
    private bool _hasReconnected;
    private TargetFault _fault;
    private long _sent;
    private int _at = None;
    private int _also = None;

    /// <param name="environment">The proxy.</param>
    /// <param name="context">The request, and what becomes of a branch that finds no server.</param>
    /// <param name="forwarding">Sends.</param>
    /// <param name="branch">The branch that goes to the first server.</param>
    /// <param name="servers">The servers in the order that the judge wants.</param>
    public ServerWalk(ProxyEnvironment environment, ResponseContext context, Forwarding forwarding, ProxyBranch branch, ServerList servers)
    {
        (_stack, _context, _forwarding, _branch) = (environment.Stack, context, forwarding, branch);
        _callId = context.Request.Request.CallId;
        _servers = new WalkServers(environment, servers);
        _marks = new WalkMarks(_servers.Count);
        _began = _stack.Time.GetTimestamp();
    }

    /// <summary>Finds the first server that can be sent to.</summary>
    public void Begin() => Open();

    /// <summary>Nobody is interested any more.</summary>
    public void End() => Enter(WalkPhase.Over);

    /// <summary>Another branch is the one that counts.</summary>
    public void GoOnAs(ProxyBranch branch)
    {
        _branch = branch;
        if (branch.Transaction is not null)
        {
            // It comes back: nothing is done for it but waiting.
            (_at, _also) = (branch.Target.ServerIndex, None);
            Enter(WalkPhase.Waiting);
        }
    }

    /// <summary>A response came to the branch.</summary>
    public void Heard(SipResponse response)
    {
        if (_phase == WalkPhase.Heard)
        {
            return;
        }

        Enter(WalkPhase.Heard);
        TimeSpan? roundTrip = _stack.Time.GetElapsedTime(_sent);
        if (_also != None && _branch.Transaction is { } transaction && _servers.IsAt(_also, transaction.Target.EndPoint))
        {
            _servers.Failed(_at); // it was silent all the time
            TakeAlso();
            roundTrip = null;
        }

        if (response.StatusCode != 503)
        {
            // Once the request was repeated, nobody knows to which copy that is the answer.
            _servers.Answered(_at, roundTrip < _stack.Options.Times.T1 ? roundTrip : null);
        }
    }

    /// <summary>One of the two addresses that the request was sent to failed; the other one goes on.</summary>
    public void OnWayLost(Target target, SocketError? error)
    {
        _servers.Failed(target, TargetFaultOperations.Of(error));
        if (_also != None && _servers.IsAt(_at, target.EndPoint))
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
        if (_at != None && _phase is WalkPhase.Waiting or WalkPhase.Asking or WalkPhase.Leaving && _stack.Time.GetElapsedTime(_sent) >= WalkTimes.Hopeless)
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
        for (int i = 0; i < _servers.Count; i++)
        {
            if (i == _at || _servers.AreSame(i, _at))
            {
                _marks.Try(i);
                _servers.Refused(i, retryAfter);
            }
        }

        return Next();
    }

    private bool Next()
    {
        // Who sent a request other than INVITE waits no longer than timer F, and no 408 is sent to him either (RFC 4320 §4.2).
        if (!_marks.HasUntried || (!_context.IsInvite && _stack.Time.GetElapsedTime(_began) >= _stack.Options.Times.Timeout))
        {
            return false;
        }

        _forwarding.Replace(_branch);
        Open();
        return true;
    }

    // RFC 8305 §5: begins to connect to one after the other until one is there. A datagram needs no connection.
    private void Open()
    {
        Enter(WalkPhase.Opening);
        while (_marks.TakeUntried() is { } server)
        {
            Target target = _servers.TargetAt(server);
            if (_stack.FlowTowards(target) is null)
            {
                continue; // nothing here can send there
            }

            if (!target.Transport.IsReliable)
            {
                Go(server);
                return;
            }

            Connect(server, target);
            if (_phase != WalkPhase.Opening)
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
        _stack.Connect(target, (flow, error) => OnOwner(() => Opened(server, flow is not null, error)));
        _isConnecting = false;
    }

    private void Opened(int server, bool isThere, SocketError? error)
    {
        bool isAwaited = _marks.EndsToOpen(server) && _phase == WalkPhase.Opening;
        if (isThere)
        {
            _servers.Answered(server, null);
            if (isAwaited)
            {
                Go(server);
            }
        }
        else
        {
            _servers.Failed(server, TargetFaultOperations.Of(error));
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
                _servers.Failed(slower); // it began earlier
            }
        }

        (_at, _also, _sent, _isOldConnection, _fault) = (server, None, _stack.Time.GetTimestamp(), _isConnecting, TargetFault.Silent);
        Enter(WalkPhase.Waiting);
        _branch.GoTo(_servers.Towards(server, _branch.Target));
        if (!_forwarding.Send(_branch))
        {
            Open();
            return;
        }

        if (_servers.Count > 1) // else there is nowhere else to go
        {
            SetTimer(_servers.PatienceWith(server), Doubt);
        }
    }

    // Not even a 100 has come.
    private void Doubt()
    {
        if (_servers.OtherAddressOf(_at) is { } other && !_marks.IsTried(other) && _forwarding.SendAlso(_branch, _servers.Towards(other, _branch.Target)))
        {
            _marks.Try(other);
            _also = other;
        }

        if (!_marks.HasUntried && _also == None)
        {
            return; // the transaction's own time decides
        }

        Enter(WalkPhase.Asking);
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

    private void Ask(int server) => _servers.Ask(server, isThere => OnOwner(() => Asked(server, isThere)));

    private void Asked(int server, bool isThere)
    {
        if (!isThere || _phase is not (WalkPhase.Asking or WalkPhase.Leaving))
        {
            return;
        }

        _marks.IsThere(server);
        if (server == _at || server == _also)
        {
            Enter(WalkPhase.Waiting); // it lives: its answer is awaited
        }
        else if (_phase == WalkPhase.Leaving)
        {
            Leave();
        }
    }

    private void Leave()
    {
        _phase = WalkPhase.Leaving;
        if (_marks.FirstThere is { } next)
        {
            FailedHere();
            _forwarding.Replace(_branch);
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
        _branch.GoTo(_servers.Towards(_at, _branch.Target));
    }

    private void FailedHere()
    {
        // What says that it is there, but not to this request, is not to blame for the silence of the other address.
        if (_also == None || !_marks.SaysItIsThere(_at))
        {
            _servers.Failed(_at, _fault);
        }

        if (_also != None && !_marks.SaysItIsThere(_also))
        {
            _servers.Failed(_also);
        }
    }

    private void Enter(WalkPhase phase)
    {
        _phase = phase;
        _timer?.Cancel();
        _timer = null;
    }

    private void SetTimer(TimeSpan after, Action action)
    {
        _timer?.Cancel();
        _timer = _stack.RunIn(_callId, after, () =>
        {
            action();
            _context.Settle();
        });
    }

    // From any thread, or from inside of a call of ours.
    private void OnOwner(Action action) => _stack.RunIn(_callId, () =>
    {
        if (_phase == WalkPhase.Over)
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

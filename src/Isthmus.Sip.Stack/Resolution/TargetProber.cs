// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Asks servers with OPTIONS whether they are there: bad ones shortly before their time is over (<see cref="TargetHealth.TakeDueProbes"/>), and any that
/// somebody asks about. One question is under way to a server at a time, whoever waits for it. What is learnt goes to <see cref="TargetHealth"/>.
/// Any thread may use it; there is a timer only while something is bad.
/// </summary>
public sealed class TargetProber(SipStack stack, TargetHealth health)
{
    /// <summary>How long an answer is waited for: less than <see cref="TargetHealthOptions.ProbeLead"/>, so that a bad time goes on without a gap.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(4);

    // Beyond, nobody is asked, and nobody said to be there.
    private const int MostAtOnce = 1000;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Target, Probe> _underWay = [];
    private bool _isTimerSet;

    /// <summary>A request to a target failed (<see cref="TargetHealth.Failed"/>): it will be probed when its time is nearly over.</summary>
    /// <param name="target">The target.</param>
    /// <param name="retryAfter">How long it asks to be spared; null where it does not.</param>
    /// <param name="fault">In which way.</param>
    public void Failed(Target target, TimeSpan? retryAfter = null, TargetFault fault = TargetFault.Silent)
    {
        ArgumentNullException.ThrowIfNull(target);
        health.Failed(target.Transport, target.EndPoint, retryAfter, fault);
        SetTimer();
    }

    /// <summary>Asks now.</summary>
    /// <param name="target">The server.</param>
    /// <param name="heard">Hears once whether it is there, on any thread: any answer but 503 in <see cref="AnswerTime"/> says so.</param>
    public void Ask(Target target, Action<bool> heard)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(heard);
        Begin(target, heard);
    }

    private void Begin(Target target, Action<bool>? heard)
    {
        if (stack.FlowTowards(target) is not { } flow)
        {
            heard?.Invoke(false);
            return;
        }

        Probe? probe = null;
        lock (_lock)
        {
            if (_underWay.TryGetValue(target, out var same))
            {
                same.Join(heard);
                return;
            }

            if (_underWay.Count < MostAtOnce)
            {
                probe = new Probe(this, target);
                probe.Join(heard);
                _underWay.Add(target, probe);
            }
        }

        if (probe is null)
        {
            heard?.Invoke(false);
        }
        else
        {
            probe.Start(stack, flow.SentBy);
        }
    }

    // Who waited for it; null: it was over before.
    private List<Action<bool>>? End(Probe probe)
    {
        lock (_lock)
        {
            if (_underWay.GetValueOrDefault(probe.Target) == probe)
            {
                _underWay.Remove(probe.Target);
            }

            return probe.TakeWaiting();
        }
    }

    private void Ended(Probe probe)
    {
        if (End(probe) is not { } waiting)
        {
            return;
        }

        var (transport, endPoint) = (probe.Target.Transport, probe.Target.EndPoint);
        if (probe.Answered)
        {
            health.Answered(transport, endPoint, probe.RoundTrip);
        }
        else if (probe.Proof is not null || health.StateOf(transport, endPoint) == TargetState.Bad)
        {
            // A server that says nothing to OPTIONS may yet answer calls: silence alone makes none bad.
            Failed(probe.Target, probe.RetryAfter, probe.Proof ?? TargetFault.Silent);
        }

        SetTimer();
        waiting.ForEach(heard => heard(probe.Answered));
    }

    private void SetTimer()
    {
        lock (_lock)
        {
            if (!_isTimerSet && health.UntilProbe is { } wait)
            {
                _isTimerSet = true;
                stack.Timers.Schedule(wait > ShortestPause ? wait : ShortestPause, static prober => ((TargetProber)prober!).TimeHasCome(), this);
            }
        }
    }

    private void TimeHasCome()
    {
        lock (_lock)
        {
            _isTimerSet = false;
        }

        foreach (var (transport, endPoint) in health.TakeDueProbes(10))
        {
            Begin(stack.TargetOf(transport, endPoint), null);
        }

        SetTimer();
    }

    /// <summary>One OPTIONS, for this hop only, and who waits for its answer.</summary>
    private sealed class Probe(TargetProber prober, Target target) : IClientTransactionUser
    {
        private List<Action<bool>>? _waiting = [];
        private TimeProvider _time = TimeProvider.System;
        private long _sent;

        public Target Target => target;

        public bool Answered { get; private set; }

        /// <summary>What the system or the server itself said about its not being there; null: nobody said anything.</summary>
        public TargetFault? Proof { get; private set; }

        public TimeSpan? RetryAfter { get; private set; }

        public TimeSpan? RoundTrip { get; private set; }

        /// <summary>One more waits for it. With the prober's lock, as <see cref="TakeWaiting"/>.</summary>
        public void Join(Action<bool>? heard)
        {
            if (heard is not null)
            {
                _waiting!.Add(heard);
            }
        }

        /// <summary>Those who wait; null the second time.</summary>
        public List<Action<bool>>? TakeWaiting()
        {
            var waiting = _waiting;
            _waiting = null;
            return waiting;
        }

        public void Start(SipStack stack, HostPort own)
        {
            (_time, _sent) = (stack.Time, stack.Time.GetTimestamp());
            var uri = SipUri.Create(null, HostPort.From(target.EndPoint), target.Transport == SipTransport.Udp ? null : target.Transport);
            var request = new RequestBuilder(SipMethod.Options, uri)
                .MaxForwards(0) // RFC 3261 §11.2: the next hop answers itself
                .Header(HeaderName.From, $"<sip:{own}>;tag={Identifiers.NewTag()}")
                .Header(HeaderName.To, $"<{uri}>")
                .CallId(Identifiers.NewCallId())
                .CSeq(1)
                .Header(HeaderName.Accept, "application/sdp")
                .Build();
            stack.RunIn(request.CallId, () => stack.Send(request, target, this).SetTimer(AnswerTime));
        }

        void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipResponse response)
        {
            Answered = response.StatusCode != 503;
            Proof = Answered ? null : TargetFault.Unavailable;
            RetryAfter = Answered ? null : Sip.RetryAfter.Of(response);
            RoundTrip = _time.GetElapsedTime(_sent) is var time && time < TransactionTimes.Default.T1 ? time : null; // after a repetition nobody knows
            prober.Ended(this);
        }

        void IClientTransactionUser.OnTimeout(ClientTransaction transaction) => prober.Ended(this);

        void IClientTransactionUser.OnTransportError(ClientTransaction transaction, SocketError? error)
        {
            Proof = TargetFaultOperations.Of(error);
            prober.Ended(this);
        }

        void IClientTransactionUser.OnTimer(ClientTransaction transaction)
        {
            transaction.StopRepeating();
            prober.Ended(this);
        }

        void IClientTransactionUser.OnTerminated(ClientTransaction transaction) => prober.Ended(this);
    }
}

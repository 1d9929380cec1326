// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>A call, from its first INVITE to its end. All members may be used from any thread; what they ask for happens in order.</summary>
public sealed class Call
{
    private readonly PhoneContext _phone;
    private readonly StateLog<CallState> _states = new();
    private readonly StateLog<char> _digits = new();
    private readonly TaskCompletionSource<bool> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CallState _state;
    private volatile CallLeg? _leg;
    private DateTimeOffset? _answeredAt;

    internal Call(PhoneContext phone, string id, CallDirection direction, Account? account, string remoteAddress, string? remoteDisplayName)
    {
        (_phone, Id, Direction, Account, RemoteAddress, RemoteDisplayName) = (phone, id, direction, account, remoteAddress, remoteDisplayName);
        _state = new CallState(CallPhase.Calling, phone.Time.GetUtcNow());
    }

    /// <summary>The Call-ID.</summary>
    public string Id { get; }

    /// <summary>Who called.</summary>
    public CallDirection Direction { get; }

    /// <summary>The account that calls or is called; null if the call is without one.</summary>
    public Account? Account { get; }

    /// <summary>The other side's address: what was dialled, or the From URI.</summary>
    public string RemoteAddress { get; }

    /// <summary>The name in the other side's From header, if any.</summary>
    public string? RemoteDisplayName { get; }

    /// <summary>How the call stands now.</summary>
    public CallState State => _state;

    /// <summary>How it stood so far: the last 256 states, oldest first.</summary>
    public IReadOnlyList<CallState> History => _states.Snapshot();

    /// <summary>Done when the call is answered (true) or ended without (false). Never faults.</summary>
    public Task<bool> Answered => _answered.Task;

    /// <summary>Done when the call is over. Never faults.</summary>
    public Task<CallResult> Completion => _completion.Task;

    /// <summary>The version by which this phone's signalling runs.</summary>
    public IpVersion? SignallingVersion => _leg?.SignallingVersion;

    /// <summary>The version of the media; null while there is none.</summary>
    public IpVersion? MediaVersion => _leg?.Media.Version;

    /// <summary>The versions that the call was redirected to, in order.</summary>
    public IReadOnlyList<IpVersion> Redirects => _leg?.Redirects ?? [];

    /// <summary>What the media did so far; final after the end; null if there was none.</summary>
    public MediaStatistics? Statistics => _leg?.Media.Statistics();

    /// <summary>The keys that the other side pressed, as far as the last 256.</summary>
    public string ReceivedDigits => string.Concat(_digits.Snapshot());

    /// <summary>Every state so far, then every new one; ends after <see cref="CallPhase.Ended"/>.</summary>
    public IAsyncEnumerable<CallState> States(CancellationToken cancellationToken = default) => _states.Follow(cancellationToken);

    /// <summary>Every key that the other side pressed or presses; ends with the call.</summary>
    public IAsyncEnumerable<char> Digits(CancellationToken cancellationToken = default) => _digits.Follow(cancellationToken);

    /// <summary>Tells the caller of an incoming call that it rings, with sound if asked for. Does nothing for any other call.</summary>
    public void Ring(bool earlyMedia = false) => Post(leg => leg.Ring(earlyMedia));

    /// <summary>Answers an incoming call. Does nothing for any other call, or twice.</summary>
    public void Answer() => Post(leg => leg.Answer());

    /// <summary>Rejects an incoming call that is not answered yet. Does nothing for any other call.</summary>
    /// <param name="status">400 to 699.</param>
    /// <param name="reason">The reason phrase; null: the usual one.</param>
    public void Reject(int status = 486, string? reason = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        Post(leg => leg.Reject(status, reason));
    }

    /// <summary>Ends the call in whatever state it is: CANCEL before an answer, BYE after it, 603 for one that rings here.</summary>
    public void HangUp() => Post(leg => leg.HangUp());

    /// <summary>As <see cref="HangUp"/>, and waits until it is over.</summary>
    public Task<CallResult> HangUpAsync()
    {
        HangUp();
        return Completion;
    }

    /// <summary>Puts an answered call on hold (RFC 3264 §8.4); true when the other side has accepted it.</summary>
    public Task<bool> HoldAsync() => Ask((leg, done) => leg.Hold(true, done));

    /// <summary>Takes an answered call off hold; true when the other side has accepted it.</summary>
    public Task<bool> ResumeAsync() => Ask((leg, done) => leg.Hold(false, done));

    /// <summary>Sends keys as telephone events (RFC 4733).</summary>
    /// <param name="digits">At most 32 of 0–9, *, #, A–D.</param>
    /// <returns>False if one of them is no key, the other side understands no telephone events, or there is no media.</returns>
    public bool SendDigits(string digits) => _leg?.Media.SendDigits(digits) ?? false;

    internal CallLeg? Leg => _leg;

    internal DateTimeOffset? AnsweredAt => _answeredAt;

    internal void Begin(CallLeg leg, CallState first)
    {
        _leg = leg;
        Enter(first);
    }

    internal void Enter(CallState state)
    {
        if (state.Phase == CallPhase.Established && _answeredAt is null)
        {
            _answeredAt = state.At;
        }

        _state = state;
        if (_states.Add(state, last: state.Phase == CallPhase.Ended))
        {
            _phone.Publish(new CallChanged(this, state));
        }

        if (state.Phase == CallPhase.Established)
        {
            _answered.TrySetResult(true);
        }
        else if (state.Result is { } result)
        {
            _digits.Close();
            _answered.TrySetResult(false);
            _completion.TrySetResult(result);
        }
    }

    internal void Hear(char digit)
    {
        if (_digits.Add(digit))
        {
            _phone.Publish(new DigitReceived(this, digit));
        }
    }

    private void Post(Action<CallLeg> command) => _phone.Stack.RunIn(Id, () =>
    {
        if (_leg is { } leg && _state.Phase != CallPhase.Ended)
        {
            command(leg);
        }
    });

    private Task<bool> Ask(Action<CallLeg, TaskCompletionSource<bool>> command)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _phone.Stack.RunIn(Id, () =>
        {
            if (_leg is { } leg && _state.Phase is CallPhase.Established or CallPhase.Held)
            {
                command(leg, done);
            }
            else
            {
                done.SetResult(false);
            }
        });
        return done.Task;
    }
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>
/// Watches the presence of one user, or of everybody in a list that a server keeps (RFC 3856, RFC 4662), until it is disposed. Made by
/// <see cref="SipPhone.Watch"/>. A subscription that ends is made again, unless the other side says that this makes no sense.
/// </summary>
public sealed class PresenceWatch : IAsyncDisposable
{
    private const int MostStates = 4096;

    private readonly StateLog<SubscriptionState> _subscription = new();
    private readonly StateLog<PresenceState> _presence = new(MostStates);
    private readonly TaskCompletionSource<SubscriptionState> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventSubscription? _kept;
    private volatile SubscriptionState _state = new(SubscriptionPhase.Subscribing);

    internal PresenceWatch(PhoneContext phone, string address, AnyUri uri, WatchOptions options)
    {
        var expires = options.Once ? TimeSpan.Zero : options.Expires;
        Address = address;
        var goal = new SubscriptionGoal(uri, options.Account, options.Version, expires, new PresencePackage(uri.ToString(), state => _presence.Add(state)));
        _kept = new EventSubscription(phone, goal, Changed);
        _kept.Start();
    }

    /// <summary>One that could not even begin.</summary>
    internal PresenceWatch(string address, string fault)
    {
        Address = address;
        Changed(new SubscriptionState(SubscriptionPhase.Ended) { Reason = fault });
    }

    /// <summary>Who is watched, as it was asked for.</summary>
    public string Address { get; }

    /// <summary>How the subscription stands now.</summary>
    public SubscriptionState Subscription => _state;

    /// <summary>The first state in which it is known what becomes of it: pending, active, waiting or ended.</summary>
    public Task<SubscriptionState> Settled => _settled.Task;

    /// <summary>How the subscription stood, and how it stands, until it is over.</summary>
    public IAsyncEnumerable<SubscriptionState> SubscriptionStates(CancellationToken cancellationToken = default) => _subscription.Follow(cancellationToken);

    /// <summary>What was told so far (the last 4096 states), and what is told, until the watch is over; of a list one state for each of its users.</summary>
    public IAsyncEnumerable<PresenceState> PresenceStates(CancellationToken cancellationToken = default) => _presence.Follow(cancellationToken);

    /// <summary>Ends the subscription; done when the other side has said its last word, or does not within <see cref="PhoneOptions.Farewell"/> of its answer, or does not answer.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_kept is not null && _state.Phase != SubscriptionPhase.Ended)
        {
            await _kept.LeaveAsync();
        }
    }

    /// <summary>The phone was closed.</summary>
    internal void Close()
    {
        if (_state.Phase != SubscriptionPhase.Ended)
        {
            Changed(new SubscriptionState(SubscriptionPhase.Ended) { Reason = "the phone is closed" });
        }
    }

    private void Changed(SubscriptionState state)
    {
        var last = _state;
        _state = state;
        var isOver = state.Phase == SubscriptionPhase.Ended;
        if (last with { Expires = state.Expires } != state || last.Phase == SubscriptionPhase.Subscribing)
        {
            _subscription.Add(state, isOver);
        }

        if (isOver)
        {
            _subscription.Close();
            _presence.Close();
        }

        if (state.Phase != SubscriptionPhase.Subscribing)
        {
            _settled.TrySetResult(state);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Phone;

/// <summary>
/// The presence of a user at a server (RFC 3903), kept alive until it is disposed, which removes it, or left to its end. Made by <see cref="SipPhone.Publish"/>.
/// </summary>
public sealed class Publication : IAsyncDisposable
{
    private readonly StateLog<PublicationState> _log = new();
    private readonly TaskCompletionSource<PublicationState> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PublicationAgent? _agent;
    private volatile PublicationState _state;

    internal Publication(PhoneContext phone, Account account, PublishOptions options, Availability availability, string? note)
    {
        (Address, _state) = (account.Address, new(PublicationPhase.Publishing, availability) { Note = note, EntityTag = options.EntityTag });
        _agent = new PublicationAgent(phone, account, options, Changed);
        _agent.Publish(availability, note);
    }

    /// <summary>One that could not even begin.</summary>
    internal Publication(string fault, Availability availability)
    {
        (Address, _state) = ("", new(PublicationPhase.Publishing, availability));
        Changed(_state with { Phase = PublicationPhase.Ended, Reason = fault });
    }

    /// <summary>Whose presence it is.</summary>
    public string Address { get; }

    /// <summary>How it stands now.</summary>
    public PublicationState State => _state;

    /// <summary>The first state in which it is known what becomes of it: published, waiting or ended.</summary>
    public Task<PublicationState> Settled => _settled.Task;

    /// <summary>How it stood, and how it stands, until it is over.</summary>
    public IAsyncEnumerable<PublicationState> States(CancellationToken cancellationToken = default) => _log.Follow(cancellationToken);

    /// <summary>Changes it; the last change counts.</summary>
    public void Change(Availability availability, string? note = null) => _agent?.Publish(availability, note);

    /// <summary>Leaves it at the server until it ends by itself; then <see cref="DisposeAsync"/> does not remove it.</summary>
    public void Leave() => _agent?.Leave();

    /// <summary>Removes it; done when the server has answered, or does not answer.</summary>
    public ValueTask DisposeAsync() => _agent is null || _state.Phase == PublicationPhase.Ended ? ValueTask.CompletedTask : new ValueTask(_agent.RemoveAsync());

    /// <summary>The phone was closed.</summary>
    internal void Close()
    {
        if (_state.Phase != PublicationPhase.Ended)
        {
            Changed(_state with { Phase = PublicationPhase.Ended, Reason = "the phone is closed" });
        }
    }

    private void Changed(PublicationState state)
    {
        _state = state;
        _log.Add(state, state.Phase == PublicationPhase.Ended);
        if (state.Phase != PublicationPhase.Publishing)
        {
            _settled.TrySetResult(state);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Registrar;

/// <summary>A REGISTER on its way through the location service's writer, and its answer. Used again for another one when it is answered.</summary>
internal sealed class RegisterChange(Registrar registrar) : ILocationChange
{
    private ReceivedRequest _received;
    private ServerTransaction? _transaction;
    private Action<SipResponse>? _respond;
    private Refresh _refresh;
    private Registration? _registration;
    private Refusal? _refusal;
    private Binding[] _after = [];

    public ReadOnlySpan<byte> Aor => _registration is { } registration ? registration.Aor : _refresh.Binding.Owner!.Key;

    /// <summary>The request.</summary>
    public ref readonly ReceivedRequest Received => ref _received;

    /// <summary>Writes its answer.</summary>
    public ResponseBuilder Answer { get; } = new();

    /// <summary>Takes a request.</summary>
    /// <param name="received">The request.</param>
    /// <param name="transaction">Where the answer goes, or null.</param>
    /// <param name="respond">Where the answer goes when there is no transaction; when there is neither, back to where the request came from.</param>
    public void Begin(in ReceivedRequest received, ServerTransaction? transaction = null, Action<SipResponse>? respond = null) =>
        (_received, _transaction, _respond) = (received, transaction, respond);

    /// <summary>It renews a binding.</summary>
    public void Is(in Refresh refresh) => _refresh = refresh;

    /// <summary>It is this.</summary>
    public void Is(Registration registration) => _registration = registration;

    /// <summary>Forgets the request.</summary>
    public void Clear()
    {
        (_received, _transaction, _respond) = (default, null, null);
        (_refresh, _registration, _refusal, _after) = (default, null, null, []);
    }

    public bool Apply(LocationBatch batch)
    {
        if (_registration is null)
        {
            if (registrar.Update.TryRenew(_refresh, batch))
            {
                _after = _refresh.Binding.Owner!.Latest;
                return true;
            }

            // Something came in between.
            (_registration, _refusal) = registrar.Read(Received);
            if (_registration is null)
            {
                return false;
            }
        }

        Binding[] current = batch.BindingsOf(_registration.Aor);
        (Binding[]? after, _refusal) = registrar.Update.Apply(current, _registration, batch);
        _after = after ?? current;
        if (after is not null)
        {
            batch.Replace(_registration.Aor, after, _registration.Removes ? new Removal(_registration.CallId, _registration.CSeq, batch.Now) : null);
        }

        return after is not null;
    }

    public void Completed(CommitOutcome outcome)
    {
        if (outcome == CommitOutcome.StoreFailed)
        {
            registrar.Refuse(this, Registrar.NotStored);
        }
        else if (_refusal is not null)
        {
            registrar.Refuse(this, _refusal);
        }
        else
        {
            registrar.Accept(this, _after);
        }
    }

    /// <summary>Sends the answer; the request may be gone after it.</summary>
    public void Respond(SipResponse response)
    {
        if (_transaction is { } transaction)
        {
            transaction.Respond(response);
        }
        else if (_respond is { } respond)
        {
            respond(response);
        }
        else
        {
            registrar.AnswerWithoutState(_received, response);
        }
    }
}

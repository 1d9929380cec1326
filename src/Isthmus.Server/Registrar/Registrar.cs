// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Registrar;

/// <summary>The registrar (RFC 3261 §10.3). A 200 leaves only after the store has what it says.</summary>
/// <param name="options">What the user configured.</param>
/// <param name="domains">Which addresses-of-record are ours.</param>
/// <param name="location">Where bindings are kept.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="pool">Where answers go back to.</param>
/// <param name="answer">Answers a request that has no transaction.</param>
internal sealed class Registrar(
    ServerOptions options,
    Domains domains,
    LocationService location,
    ServerMetrics metrics,
    TimeProvider time,
    ILogger<Registrar> logger,
    MessagePool pool,
    Action<ReceivedRequest, SipResponse> answer)
{
    /// <summary>Seconds after which a phone may try again when the server cannot take its registration.</summary>
    public const string RetryAfter = "30";

    private const int MostFree = 1024;

    private readonly RegistrationReader _reader = new(options.Registrar, domains);
    private readonly RefreshReader _refreshes = new(options.Registrar, domains, location);
    private readonly RegistrationAnswer _answers = new(time, pool);
    private readonly RefusalLog _refusals = new(time, logger);
    private readonly Lock _lock = new();
    private readonly Stack<RegisterChange> _free = new();

    /// <summary>The answer when the store cannot be written.</summary>
    public static Refusal NotStored { get; } = new(503, "Registrations Cannot Be Stored", HeaderName.RetryAfter, RetryAfter);

    /// <summary>What registrations do to bindings.</summary>
    public RegistrationUpdate Update { get; } = new(options.Registrar, options.Limits.Bindings);

    private static Refusal TooManyWait { get; } = new(503, "Too Many Registrations Are Waiting", HeaderName.RetryAfter, RetryAfter);

    /// <summary>Answers a REGISTER, at once or after its commit; from any thread.</summary>
    public void Handle(ServerTransaction register) => Handle(register.Request, register, null);

    /// <summary>Answers a REGISTER, at once or after its commit; <paramref name="respond"/> is called once, from any thread.</summary>
    public void Handle(in ReceivedRequest received, Action<SipResponse> respond) => Handle(received, null, respond);

    /// <summary>
    /// Takes a REGISTER that came without a transaction, if it registers something and takes nothing away: it may come twice without harm, so that nothing
    /// has to be remembered of it (docs/decisions/0046). It is answered at once or after its commit.
    /// </summary>
    public bool TryHandleWithoutState(in ReceivedRequest received)
    {
        Registration? registration = null;
        if (!_refreshes.TryRead(received.Message, received.Flow, out Refresh refresh))
        {
            (registration, _) = Read(received);
            if (registration is null or { Adds: false } or { Removes: true })
            {
                return false;
            }
        }

        received.Message.Share(); // until it is answered
        RegisterChange register = Rent();
        register.Begin(received);
        if (registration is null)
        {
            register.Is(refresh);
        }
        else
        {
            register.Is(registration);
        }

        Submit(register);
        return true;
    }

    /// <summary>Sends the answer to a request that has no transaction; both are given back.</summary>
    public void AnswerWithoutState(in ReceivedRequest received, SipResponse response)
    {
        answer(received, response);
        response.Dispose();
        received.Message.Dispose();
    }

    /// <summary>Reads a REGISTER: the registration, or why it is refused.</summary>
    public (Registration? Registration, Refusal? Refusal) Read(in ReceivedRequest received) => _reader.Read(received.Message, received.Flow);

    /// <summary>Answers 200 with the bindings that live.</summary>
    public void Accept(RegisterChange register, Binding[] bindings)
    {
        ref readonly ReceivedRequest received = ref register.Received;
        metrics.Registration(received.Flow.Transport, received.Flow.Version, 200);
        if (logger.IsEnabled(LogLevel.Debug))
        {
            RegistrarLog.Registered(logger, received.Message.To.Uri.ToString(), bindings.Length, received.Flow.Version.DisplayName);
        }

        register.Respond(_answers.Ok(register.Answer, received.Message, bindings));
        Return(register);
    }

    /// <summary>Answers with a refusal.</summary>
    public void Refuse(RegisterChange register, Refusal refusal)
    {
        ref readonly ReceivedRequest received = ref register.Received;
        metrics.Registration(received.Flow.Transport, received.Flow.Version, refusal.Status);
        _refusals.Refused(received, refusal);
        register.Respond(_answers.Refused(register.Answer, received.Message, refusal));
        Return(register);
    }

    private void Handle(in ReceivedRequest received, ServerTransaction? transaction, Action<SipResponse>? respond)
    {
        RegisterChange register = Rent();
        register.Begin(received, transaction, respond);
        if (_refreshes.TryRead(received.Message, received.Flow, out Refresh refresh))
        {
            register.Is(refresh);
        }
        else
        {
            (Registration? registration, Refusal? refusal) = Read(received);
            if (registration is null)
            {
                Refuse(register, refusal!);
                return;
            }

            if (registration is { Contacts.Count: 0, RemovesAll: false })
            {
                Accept(register, location.BindingsOf(registration.Aor));
                return;
            }

            register.Is(registration);
        }

        Submit(register);
    }

    private void Submit(RegisterChange register)
    {
        if (!location.TrySubmit(register))
        {
            Refuse(register, TooManyWait);
        }
    }

    private RegisterChange Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out RegisterChange? free))
            {
                return free;
            }
        }

        return new(this);
    }

    private void Return(RegisterChange register)
    {
        register.Clear();
        lock (_lock)
        {
            if (_free.Count < MostFree)
            {
                _free.Push(register);
            }
        }
    }
}

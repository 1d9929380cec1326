// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Registrar;

/// <summary>The registrar (RFC 3261 §10.3). A 200 leaves only after the store has what it says.</summary>
internal sealed class Registrar(ServerOptions options, Domains domains, LocationService location, ServerMetrics metrics, TimeProvider time, ILogger<Registrar> logger)
{
    /// <summary>Seconds after which a phone may try again when the server cannot take its registration.</summary>
    public const string RetryAfter = "30";

    private readonly RegistrationReader _reader = new(options.Registrar, domains);

    /// <summary>Answers a REGISTER, at once or after its commit; <paramref name="respond"/> is called once, from any thread.</summary>
    public void Handle(ReceivedRequest received, Action<SipResponse> respond)
    {
        SipRequest request = received.Message;
        (Registration? registration, Refusal? refusal) = _reader.Read(request, received.Flow);
        if (registration is null)
        {
            Refuse(received, refusal!, respond);
        }
        else if (registration is { Contacts.Count: 0, RemovesAll: false })
        {
            Accept(received, location.BindingsOf(registration.Aor), respond);
        }
        else if (!location.TrySubmit(new Change(this, received, registration, respond)))
        {
            Refuse(received, new(503, "Too Many Registrations Are Waiting", HeaderName.RetryAfter, RetryAfter), respond);
        }
    }

    private void Accept(ReceivedRequest received, ImmutableArray<Binding> bindings, Action<SipResponse> respond)
    {
        metrics.Registration(received.Flow.Transport, received.Flow.Version, 200);
        respond(RegistrationAnswer.Ok(received.Message, bindings, time.GetUtcNow()));
    }

    private void Refuse(ReceivedRequest received, Refusal refusal, Action<SipResponse> respond)
    {
        metrics.Registration(received.Flow.Transport, received.Flow.Version, refusal.Status);
        RegistrarLog.Refused(logger, received.Message.To.Uri.ToString(), refusal.Status, refusal.Reason);
        respond(RegistrationAnswer.Refused(received.Message, refusal, time.GetUtcNow()));
    }

    private sealed class Change(Registrar registrar, ReceivedRequest received, Registration registration, Action<SipResponse> respond) : ILocationChange
    {
        private Refusal? _refusal;
        private ImmutableArray<Binding> _after = [];

        public string Aor => registration.Aor;

        public AddressOfRecord? Apply(AddressOfRecord current, ChangeContext context)
        {
            (AddressOfRecord? after, _refusal) = RegistrationUpdate.Apply(current, registration, registrar.Options.Registrar, registrar.Options.Limits.Bindings, context);
            _after = (after ?? current).LiveBindings(context.Now);
            return after;
        }

        public void Completed(CommitOutcome outcome, AddressOfRecord current)
        {
            if (outcome == CommitOutcome.StoreFailed)
            {
                registrar.Refuse(received, new(503, "Registrations Cannot Be Stored", HeaderName.RetryAfter, RetryAfter), respond);
            }
            else if (_refusal is not null)
            {
                registrar.Refuse(received, _refusal, respond);
            }
            else
            {
                RegistrarLog.Registered(registrar.Logger, registration.Aor, _after.Length, registration.Flow.Version.DisplayName);
                registrar.Accept(received, _after, respond);
            }
        }
    }

    private ServerOptions Options => options;

    private ILogger Logger => logger;
}

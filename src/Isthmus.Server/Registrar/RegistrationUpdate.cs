// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.Server.Location;

namespace Isthmus.Server.Registrar;

/// <summary>
/// What a registration does to the bindings of its address-of-record (RFC 3261 §10.3 steps 6 and 7): all of it or, with a
/// <see cref="Refusal"/>, nothing. Pure.
/// </summary>
internal static class RegistrationUpdate
{
    /// <summary>The new bindings, or null with or without a refusal: nothing changes.</summary>
    public static (AddressOfRecord? After, Refusal? Refusal) Apply(
        AddressOfRecord current, Registration registration, RegistrarOptions options, int mostBindings, ChangeContext context)
    {
        ImmutableArray<Binding> live = current.LiveBindings(context.Now);
        if (registration.RemovesAll)
        {
            return live.Any(binding => IsOutOfOrder(binding, registration)) ? (null, OutOfOrder) : (Changed(current, []), null);
        }

        ImmutableArray<Binding> after = live;
        var claimed = new HashSet<long>();
        foreach (RegistrationContact contact in registration.Contacts)
        {
            if (after.FirstOrDefault(binding => binding.Uri.Equals(contact.Uri)) is { } same)
            {
                claimed.Add(same.Id);
            }
        }

        foreach (RegistrationContact contact in registration.Contacts)
        {
            ImmutableArray<Binding> replaced = [.. after.Where(binding => binding.Uri.Equals(contact.Uri) || (!claimed.Contains(binding.Id) && BindingIdentity.IsReplaced(binding, contact)))];
            if (replaced.Any(binding => IsOutOfOrder(binding, registration) && !IsRepetition(binding, contact, registration)))
            {
                return (null, OutOfOrder);
            }

            if (replaced is [var kept] && IsRepetition(kept, contact, registration))
            {
                continue;
            }

            after = after.RemoveRange(replaced);
            if (contact.Expires > TimeSpan.Zero)
            {
                Binding binding = Make(registration, contact, replaced.IsEmpty ? context.NextId() : replaced[0].Id, context.Now);
                claimed.Add(binding.Id);
                after = after.Add(binding);
            }
        }

        int added = after.Length - current.Bindings.Length;
        if (added > 0 && after.Length > options.MaxBindings)
        {
            return (null, new(403, "Too Many Bindings for This Address-of-Record"));
        }

        return added > 0 && context.BindingCount + added > mostBindings
            ? (null, new(503, "Too Many Bindings", Sip.HeaderName.RetryAfter, Registrar.RetryAfter))
            : (Changed(current, after), null);
    }

    private static Refusal OutOfOrder { get; } = new(500, "CSeq Not Higher Than the Last");

    private static AddressOfRecord? Changed(AddressOfRecord current, ImmutableArray<Binding> after) =>
        after.AsSpan().SequenceEqual(current.Bindings.AsSpan(), ReferenceEqualityComparer.Instance) ? null : new AddressOfRecord(current.Aor, after);

    private static bool IsOutOfOrder(Binding binding, Registration registration) => binding.CallId == registration.CallId && binding.CSeq >= registration.CSeq;

    // The same REGISTER again, when its transaction is forgotten already (a restart between the commit and the 200): all is as it asks.
    private static bool IsRepetition(Binding binding, RegistrationContact contact, Registration registration) =>
        contact.Expires > TimeSpan.Zero && binding.CallId == registration.CallId && binding.CSeq == registration.CSeq && binding.Uri.Equals(contact.Uri);

    private static Binding Make(Registration registration, RegistrationContact contact, long id, DateTimeOffset now) => new()
    {
        Id = id,
        Aor = registration.Aor,
        Contact = contact.Contact,
        Uri = contact.Uri,
        Version = contact.Version,
        Q = contact.Contact.Q ?? 1,
        Expires = now + contact.Expires,
        Registered = now,
        CallId = registration.CallId,
        CSeq = registration.CSeq,
        Path = registration.Path,
        Instance = contact.Instance,
        RegId = contact.RegId,
        UserAgent = registration.UserAgent,
        AnnouncesRedirect = registration.AnnouncesRedirect,
        Transport = registration.Flow.Transport,
        Source = registration.Source,
        Flow = registration.Flow,
    };
}

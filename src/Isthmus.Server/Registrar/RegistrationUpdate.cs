// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Server.Registrar;

/// <summary>
/// What a registration does to the bindings of its address-of-record (RFC 3261 §10.3 steps 6 and 7): all of it or, with a
/// <see cref="Refusal"/>, nothing.
/// </summary>
internal sealed class RegistrationUpdate(RegistrarOptions options, int mostBindings)
{
    private readonly LocalEnds _localEnds = new();

    private static Refusal OutOfOrder { get; } = new(500, "CSeq Not Higher Than the Last");

    /// <summary>The new bindings, or null with or without a refusal: nothing changes.</summary>
    public (Binding[]? After, Refusal? Refusal) Apply(Binding[] current, Registration registration, LocationBatch batch)
    {
        Binding[] live = batch.LiveOf(current);
        if (registration.RemovesAll)
        {
            return Array.Exists(live, binding => IsOutOfOrder(binding, registration)) ? (null, OutOfOrder) : (Changed(current, []), null);
        }

        if (registration.Adds && batch.Find(registration.Aor)?.Removal is { } removal && removal.IsLaterThan(registration.CallId, registration.CSeq, batch.Now))
        {
            return (null, OutOfOrder); // overtaken on its way: what it asks for was taken back since
        }

        List<Binding> after = [.. live];
        HashSet<long> claimed = Claimed(live, registration);
        foreach (RegistrationContact contact in registration.Contacts)
        {
            List<Binding> replaced = after.FindAll(binding => HasUri(binding, contact) || (!claimed.Contains(binding.Id) && BindingIdentity.IsReplaced(binding, contact)));
            if (replaced.Exists(binding => IsOutOfOrder(binding, registration) && !IsRepetition(binding, contact, registration)))
            {
                return (null, OutOfOrder);
            }

            if (replaced is [var kept] && IsRepetition(kept, contact, registration))
            {
                continue;
            }

            after.RemoveAll(replaced.Contains);
            if (contact.Expires > TimeSpan.Zero)
            {
                Binding binding = Make(registration, contact, replaced is [var first, ..] ? first.Id : batch.NextId(), batch.Now);
                claimed.Add(binding.Id);
                after.Add(binding);
            }
        }

        int added = after.Count - current.Length;
        if (added > 0 && after.Count > options.MaxBindings)
        {
            return (null, new(403, "Too Many Bindings for This Address-of-Record"));
        }

        return added > 0 && batch.BindingCount + added > mostBindings
            ? (null, new(503, "Too Many Bindings", HeaderName.RetryAfter, Registrar.RetryAfter))
            : (Changed(current, [.. after]), null);
    }

    /// <summary>
    /// Renews a binding whose Contact comes again as it is (<see cref="RefreshReader"/>), if that is all that the request does by now. False: it
    /// may do more, or be out of order.
    /// </summary>
    public bool TryRenew(Refresh refresh, LocationBatch batch)
    {
        Binding binding = refresh.Binding;
        Binding[] bindings = binding.Owner!.Latest;
        bool isThere = false;
        foreach (Binding other in bindings)
        {
            isThere |= other == binding;
            if (!batch.IsLive(other) || (other != binding && BindingIdentity.IsReplaced(other, binding)))
            {
                return false;
            }
        }

        if (!isThere || refresh.CSeq <= binding.CSeq)
        {
            return false;
        }

        batch.Renew(binding.Owner!, binding, refresh.CSeq, batch.Now + ((long)Math.Min(refresh.Seconds, (int)options.MaxExpires.TotalSeconds) * 1000));
        return true;
    }

    // Contacts of one REGISTER never take each other's place.
    private static HashSet<long> Claimed(Binding[] live, Registration registration)
    {
        var claimed = new HashSet<long>();
        foreach (RegistrationContact contact in registration.Contacts)
        {
            if (Array.Find(live, binding => HasUri(binding, contact)) is { } same)
            {
                claimed.Add(same.Id);
            }
        }

        return claimed;
    }

    private static Binding[]? Changed(Binding[] current, Binding[] after) =>
        after.AsSpan().SequenceEqual(current, ReferenceEqualityComparer.Instance) ? null : after;

    private static bool HasUri(Binding binding, RegistrationContact contact) => binding.ReadUri().Equals(contact.Uri);

    private static bool IsOutOfOrder(Binding binding, Registration registration) =>
        binding.CSeq >= registration.CSeq && binding.CallIdOctets.SequenceEqual(registration.CallId);

    // The same REGISTER again, when its transaction is forgotten already (a restart between the commit and the 200): all is as it asks.
    private static bool IsRepetition(Binding binding, RegistrationContact contact, Registration registration) =>
        contact.Expires > TimeSpan.Zero && binding.CSeq == registration.CSeq && binding.CallIdOctets.SequenceEqual(registration.CallId) && HasUri(binding, contact);

    private Binding Make(Registration registration, RegistrationContact contact, long id, long now) => Binding.TryMake(new BindingDraft
    {
        Id = id,
        Contact = contact.Octets,
        Version = contact.Version,
        Expires = now + (long)contact.Expires.TotalMilliseconds,
        Registered = now,
        CallId = registration.CallId,
        CSeq = registration.CSeq,
        Path = registration.Path,
        UserAgent = registration.UserAgent,
        AnnouncesRedirect = registration.AnnouncesRedirect,
        Transport = registration.Flow.Transport,
        Source = registration.Flow.Remote,
        Flow = _localEnds.Of(registration.Flow),
    }) ?? throw new InvalidOperationException("A Contact that was checked is one.");
}

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Isthmus.DualStack;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Registrar;

/// <summary>The steps of RFC 3261 §10.3 that need no bindings: 2, 5, and the reading of 6 and 7. A pure function of the request.</summary>
internal sealed class RegistrationReader(RegistrarOptions options, Domains domains)
{
    private const int LongestValue = 2048;

    private static readonly string[] KnownExtensions = ["path", "gruu", "outbound"];

    private readonly SharedTexts _texts = new();

    /// <summary>Reads a REGISTER: the registration, or why it is refused.</summary>
    public (Registration? Registration, Refusal? Refusal) Read(SipRequest request, Flow flow)
    {
        if (Extensions(request) is { } extensions)
        {
            return (null, extensions);
        }

        if (request.To.SipUri is not { } to || domains.AorOf(to) is not { } aor)
        {
            return (null, new(404, "Address-of-Record Not Found Here"));
        }

        if (request.Has(HeaderName.Path) && request.Paths.Count == 0)
        {
            return (null, new(400, "Bad Path"));
        }

        var registration = new Registration
        {
            Aor = Encoding.UTF8.GetBytes(aor),
            Contacts = [],
            CallId = request.CallIdBytes.ToArray(),
            CSeq = request.CSeqNumber,
            Path = Encoding.UTF8.GetBytes(string.Join('\n', request.Paths)),
            UserAgent = request.Text(HeaderName.UserAgent) is { Length: <= LongestValue } agent ? _texts.Of(agent) : null,
            AnnouncesRedirect = request.Lists(HeaderName.Supported, Redirection.OptionTag),
            Flow = flow,
        };
        if (!request.Has(HeaderName.Contact))
        {
            return (registration, null);
        }

        if (request.Values(HeaderName.Contact).Contains("*"))
        {
            return ReadStar(request, registration);
        }

        return ReadContacts(request, registration, aor);
    }

    private static Refusal? Extensions(SipRequest request)
    {
        if (OptionTags.Unknown(request, HeaderName.Require, KnownExtensions) is { } unknown)
        {
            return new(420, "Bad Extension", HeaderName.Unsupported, unknown);
        }

        // RFC 3327 §5.3: the phone should learn that somebody on the way put a Path in that it does not understand.
        return request.Has(HeaderName.Path) && !request.Lists(HeaderName.Supported, "path") && !request.Lists(HeaderName.Require, "path")
            ? new(420, "Bad Extension", HeaderName.Unsupported, "path")
            : null;
    }

    private static (Registration?, Refusal?) ReadStar(SipRequest request, Registration registration)
    {
        if (request.Values(HeaderName.Contact).Count() > 1)
        {
            return (null, new(400, "Contact * Beside Another Contact"));
        }

        return request.Expires == 0 ? (registration with { RemovesAll = true }, null) : (null, new(400, "Contact * Without Expires 0"));
    }

    private (Registration?, Refusal?) ReadContacts(SipRequest request, Registration registration, string aor)
    {
        var contacts = new List<RegistrationContact>();
        foreach (ReadOnlySpan<byte> value in request.ValuesOf(HeaderName.Contact))
        {
            if (!NameAddr.TryParse(value, out NameAddr? contact) || !AddressView.TryRead(value, out AddressView view))
            {
                return (null, new(400, "Bad Contact"));
            }

            if (Check(contact, aor) is { } bad)
            {
                return (null, bad);
            }

            SipUri uri = contact.SipUri!;
            if (contacts.Exists(other => other.Uri.Equals(uri)))
            {
                return (null, new(400, "Same Contact Twice"));
            }

            int requested = GrantedTime.Requested(view, request, options);
            if (GrantedTime.IsTooBrief(requested, options))
            {
                return (null, new(423, "Interval Too Brief", HeaderName.MinExpires, GrantedTime.Seconds(options.MinExpires).ToString(CultureInfo.InvariantCulture)));
            }

            contacts.Add(new(
                ContactLayout.TryRead(value, out _) ? value.ToArray() : ContactLayout.Canonical(contact),
                uri,
                TimeSpan.FromSeconds(Math.Min(requested, GrantedTime.Seconds(options.MaxExpires))),
                uri.Host.Version ?? registration.Flow.Version,
                InstanceId.Of(contact),
                Binding.RegIdOf(view)));
        }

        return contacts.Count == 0 ? (null, new(400, "Bad Contact")) : (registration with { Contacts = contacts }, null);
    }

    private Refusal? Check(NameAddr contact, string aor)
    {
        if (contact.SipUri is not { } uri)
        {
            return new(403, "Contact Is Not a SIP URI"); // RFC 5627 §5.1
        }

        // RFC 5627 §5.1: the address-of-record itself or its GRUU would be a loop.
        if (domains.IsOwnHop(uri) && domains.AorOf(uri) == aor)
        {
            return new(403, "Contact Is the Address-of-Record Itself");
        }

        if (contact.Parameters.Has("q") && contact.Q is null)
        {
            return new(400, "Bad q in Contact");
        }

        if (contact.ToString().Length > LongestValue)
        {
            return new(400, "Contact Too Long");
        }

        return contact.Parameters.Has("+sip.instance") && InstanceId.Of(contact) is null ? new(400, "Bad +sip.instance in Contact") : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Server.Registrar;

/// <summary>Composes the answers to a REGISTER (RFC 3261 §10.3 step 8, RFC 3327 §5.3, RFC 5627 §5.2).</summary>
internal static class RegistrationAnswer
{
    /// <summary>200 with every binding and what remains of it.</summary>
    public static SipResponse Ok(SipRequest request, IEnumerable<Binding> bindings, DateTimeOffset now)
    {
        ResponseBuilder answer = request.Answer(200, toTag: NewTag());
        foreach (Binding binding in bindings)
        {
            int remaining = (int)Math.Ceiling((binding.Expires - now).TotalSeconds);
            NameAddr contact = new NameAddr(binding.Uri, binding.Contact.DisplayName, binding.Contact.Parameters.Without("pub-gruu").Without("temp-gruu"))
                .With("expires", remaining.ToString(CultureInfo.InvariantCulture));
            if (binding.Instance is not null && request.Lists(HeaderName.Supported, "gruu"))
            {
                contact = contact.With("pub-gruu", PublicGruu(request.To.SipUri!, binding.Instance));
            }

            answer.Header(HeaderName.Contact, contact.ToString());
        }

        foreach (NameAddr hop in request.Paths)
        {
            answer.Header(HeaderName.Path, hop.ToString());
        }

        return answer.Header(HeaderName.Date, Date(now)).Build();
    }

    /// <summary>A refusal with its reason.</summary>
    public static SipResponse Refused(SipRequest request, Refusal refusal, DateTimeOffset now)
    {
        ResponseBuilder answer = request.Answer(refusal.Status, refusal.Reason, NewTag());
        if (refusal.Value is { } value)
        {
            answer.Header(refusal.Header, value);
        }

        return answer.Header(HeaderName.Date, Date(now)).Build();
    }

    /// <summary>RFC 5627 §5.1: the address-of-record as its owner writes it, and the instance. It needs no state to be understood again.</summary>
    private static string PublicGruu(SipUri aor, string instance) =>
        SipUri.Create(aor.User, aor.HostPort).WithParameter("gr", instance).ToString();

    private static string Date(DateTimeOffset now) => now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture);

    private static string NewTag() => Guid.NewGuid().ToString("N")[..12];
}

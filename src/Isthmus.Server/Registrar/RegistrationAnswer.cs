// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Server.Registrar;

/// <summary>Composes the answers to a REGISTER (RFC 3261 §10.3 step 8, RFC 3327 §5.3, RFC 5627 §5.2) of the octets that came.</summary>
internal sealed class RegistrationAnswer(TimeProvider time, MessagePool? pool)
{
    private const int Second = 1000;

    private readonly KeyedHash _tags = KeyedHash.Random();
    private volatile WrittenDate _date = new(0, []);

    /// <summary>200 with every binding that lives and what remains of it.</summary>
    public SipResponse Ok(ResponseBuilder answer, SipRequest request, ReadOnlySpan<Binding> bindings)
    {
        long now = Begin(answer, request, 200, null);
        bool withGruu = request.Lists(HeaderName.Supported, "gruu"u8);
        foreach (Binding binding in bindings)
        {
            if (binding.ExpiresAt > now)
            {
                AddContact(answer, request, binding, (int)((binding.ExpiresAt - now + Second - 1) / Second), withGruu);
            }
        }

        foreach (ReadOnlySpan<byte> hop in request.ValuesOf(HeaderName.Path))
        {
            answer.Header(HeaderName.Path, hop);
        }

        return Finish(answer, now);
    }

    /// <summary>A refusal with its reason.</summary>
    public SipResponse Refused(ResponseBuilder answer, SipRequest request, Refusal refusal)
    {
        long now = Begin(answer, request, refusal.Status, refusal.Reason);
        if (refusal.Value is { } value)
        {
            answer.Header(refusal.Header, value);
        }

        return Finish(answer, now);
    }

    private static void AddContact(ResponseBuilder answer, SipRequest request, Binding binding, int remaining, bool withGruu)
    {
        if (withGruu && binding.Instance is { } instance)
        {
            answer.Header(HeaderName.Contact, $"{binding.BeforeExpires};expires={remaining}{binding.AfterExpires};pub-gruu=\"{PublicGruu(request.To.SipUri!, instance)}\"");
        }
        else
        {
            answer.Header(HeaderName.Contact, $"{binding.BeforeExpires};expires={remaining}{binding.AfterExpires}");
        }
    }

    /// <summary>RFC 5627 §5.1: the address-of-record as its owner writes it, and the instance. It needs no state to be understood again.</summary>
    private static string PublicGruu(SipUri aor, string instance) =>
        SipUri.Create(aor.User, aor.HostPort).WithParameter("gr", instance).ToString();

    private long Begin(ResponseBuilder answer, SipRequest request, int status, string? reason)
    {
        // RFC 3261 §19.3: a tag that nobody can guess, under a key that nobody knows. §8.2.7: the same for a retransmission, which may find no transaction.
        Span<byte> number = stackalloc byte[sizeof(ulong) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, request.CallIdHash);
        BinaryPrimitives.WriteUInt32LittleEndian(number[sizeof(ulong)..], request.CSeqNumber);
        Span<byte> tag = stackalloc byte[2 * sizeof(ulong)];
        _tags.Of(number).TryFormat(tag, out int length, "x16", CultureInfo.InvariantCulture);
        answer.Begin(request, status, reason, tag[..length]);
        return time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    private SipResponse Finish(ResponseBuilder answer, long now) => answer.Header(HeaderName.Date, DateOf(now)).Build(pool);

    private byte[] DateOf(long now)
    {
        WrittenDate date = _date;
        if (date.Second != now / Second)
        {
            string text = DateTimeOffset.FromUnixTimeMilliseconds(now).UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture);
            _date = date = new(now / Second, Encoding.ASCII.GetBytes(text));
        }

        return date.Text;
    }

    private sealed record WrittenDate(long Second, byte[] Text);
}

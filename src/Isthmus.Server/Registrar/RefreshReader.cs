// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Registrar;

/// <summary>A REGISTER that asks for nothing but more time for one binding.</summary>
/// <param name="Binding">Which one.</param>
/// <param name="CSeq">Its CSeq; whether it is higher is for the writer to see.</param>
/// <param name="Seconds">How long, above 0.</param>
internal readonly record struct Refresh(Binding Binding, uint CSeq, int Seconds);

/// <summary>
/// The short way of nearly every REGISTER: it repeats, octet for octet and from the same place, what made a binding, so nothing has to be checked again
/// and no object is made. What differs in anything is for <see cref="RegistrationReader"/>.
/// </summary>
internal sealed class RefreshReader(RegistrarOptions options, Domains domains, LocationService location)
{
    private const int LongestAor = 512;

    public bool TryRead(SipRequest request, Flow flow, out Refresh refresh)
    {
        refresh = default;
        Span<byte> aor = stackalloc byte[LongestAor];
        if (request.Has(HeaderName.Require) || !TryGetOnly(request, HeaderName.Contact, out ReadOnlySpan<byte> contact)
            || !request.ToView.TryGetSipUri(out SipUriView to) || !domains.TryWriteAor(to, aor, out int length)
            || location.AorOf(aor[..length]) is not { } known)
        {
            return false;
        }

        foreach (Binding binding in known.Bindings)
        {
            if (binding.ContactOctets.SequenceEqual(contact) && IsRepeated(binding, request, flow) && Seconds(binding, request) is { } seconds)
            {
                refresh = new(binding, request.CSeqNumber, seconds);
                return true;
            }
        }

        return false;
    }

    private static bool IsRepeated(Binding binding, SipRequest request, Flow flow) =>
        binding.CallIdOctets.SequenceEqual(request.CallIdBytes)
        && IsSameWay(binding, flow)
        && IsSameAgent(binding, request)
        && binding.AnnouncesRedirect == request.Lists(HeaderName.Supported, "ip-redirect"u8)
        && (request.Has(HeaderName.Path) ? IsSamePath(binding, request) : binding.PathOctets.IsEmpty);

    private static bool IsSameWay(Binding binding, Flow flow) =>
        binding.HeldFlow is { } held && (flow.Transport.IsReliable ? held.Equals(flow) : LocalEnds.AreSame(held, flow)) && binding.IsFrom(flow.Transport, flow.Remote);

    private static bool IsSameAgent(Binding binding, SipRequest request) => request.TryGetValue(HeaderName.UserAgent, out ReadOnlySpan<byte> agent)
        ? binding.UserAgent is { } known && System.Text.Ascii.Equals(agent, known)
        : binding.UserAgent is null;

    // RFC 3327 §5.3: only where the phone announces it.
    private static bool IsSamePath(Binding binding, SipRequest request) =>
        TryGetOnly(request, HeaderName.Path, out ReadOnlySpan<byte> path) && binding.PathOctets.SequenceEqual(path) && request.Lists(HeaderName.Supported, "path"u8);

    private static bool TryGetOnly(SipRequest request, HeaderName name, out ReadOnlySpan<byte> value)
    {
        ValueList values = request.ValuesOf(name);
        value = values.MoveNext() ? values.Current : default;
        return !value.IsEmpty && !values.MoveNext();
    }

    private int? Seconds(Binding binding, SipRequest request) =>
        AddressView.TryRead(binding.ContactOctets, out AddressView contact) && GrantedTime.Requested(contact, request, options) is var seconds and > 0 && !GrantedTime.IsTooBrief(seconds, options)
            ? seconds
            : null;
}

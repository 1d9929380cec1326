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
        if (request.Has(HeaderName.Require) || !request.TryGetOnlyValue(HeaderName.Contact, out ReadOnlySpan<byte> contact) || Find(request.ToView) is not { } known)
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

    // Nearly all write the address-of-record as we do.
    private AddressOfRecord? Find(in AddressView to) => location.AorOf(to.Uri) ?? FindCanonical(to);

    private AddressOfRecord? FindCanonical(in AddressView to)
    {
        Span<byte> aor = stackalloc byte[LongestAor];
        return to.TryGetSipUri(out SipUriView uri) && domains.TryWriteAor(uri, aor, out int length) ? location.AorOf(aor[..length]) : null;
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
        request.TryGetOnlyValue(HeaderName.Path, out ReadOnlySpan<byte> path) && binding.PathOctets.SequenceEqual(path) && request.Lists(HeaderName.Supported, "path"u8);

    private int? Seconds(Binding binding, SipRequest request) =>
        GrantedTime.Requested(binding, request, options) is var seconds and > 0 && !GrantedTime.IsTooBrief(seconds, options) ? seconds : null;
}

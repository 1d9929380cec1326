// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Admission;

/// <summary>
/// Who sends a request, as far as the server believes it. From is only a claim: one of our users is believed when the request comes from where a device of
/// his is registered from, a user of another domain when it comes from a trusted peer.
/// </summary>
internal sealed class BelievedSender(Domains domains, ILocationService location, TrustedPeers trusted, WaitingRequests waiting, bool believesEverybody)
{
    /// <summary>Finds out who it is, at once or when DNS has said where the trusted peers are, and lets the step go on.</summary>
    /// <param name="context">The request.</param>
    /// <param name="then">Gets the canonical address-of-record of the sender; null when it is nobody whom the server believes.</param>
    public StepResult Find(RequestContext context, Func<RequestContext, string?, StepResult> then)
    {
        Span<byte> buffer = stackalloc byte[Domains.LongestAor];
        if (!context.Request.FromView.TryGetSipUri(out SipUriView from))
        {
            return then(context, null);
        }

        if (domains.TryWriteAor(from, buffer, out int length))
        {
            ReadOnlySpan<byte> aor = buffer[..length];
            return then(context, believesEverybody || IsThere(aor, context) ? Encoding.UTF8.GetString(aor) : null);
        }

        string? foreign = !from.HasUser || domains.IsOurs(from) ? null : SipUri.TryParse(Encoding.UTF8.GetString(from.Text), out SipUri? uri) ? uri.ToAor() : null;
        if (foreign is null || believesEverybody)
        {
            return then(context, foreign);
        }

        IPAddress source = context.Flow.Remote.Address.Unmapped;
        return waiting.Await(context, null, cancellation => trusted.HaveAsync(source, null, cancellation), (context, isTrusted) => then(context, isTrusted ? foreign : null));
    }

    /// <summary>Whether the server believes who sends a request, as far as it knows without asking DNS: what is not known yet is not believed.</summary>
    public bool IsBelieved(RequestContext context)
    {
        if (believesEverybody)
        {
            return true;
        }

        // A gateway's callers are telephone numbers (RFC 3966).
        bool isSip = context.Request.FromView.TryGetSipUri(out SipUriView from);
        Span<byte> buffer = stackalloc byte[Domains.LongestAor];
        return isSip && domains.TryWriteAor(from, buffer, out int length) ? IsThere(buffer[..length], context)
            : (!isSip || (from.HasUser && !domains.IsOurs(from))) && trusted.HaveNow(context.Flow.Remote.Address.Unmapped);
    }

    private bool IsThere(ReadOnlySpan<byte> aor, RequestContext context)
    {
        if (location.DeviceOfCaller(aor, context.Request, context.Flow) is not { } device)
        {
            return false;
        }

        foreach (Binding binding in device.Bindings)
        {
            if (binding.IsFrom(context.Flow.Remote.Address))
            {
                return true;
            }
        }

        return false;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>
/// Who sends a request, as far as the server believes it. From is only a claim: one of our users is believed when the request comes from where a device of
/// his is registered from.
/// </summary>
internal sealed class BelievedSender(Domains domains, ILocationService location, bool believesEverybody)
{
    /// <summary>The canonical address-of-record of the sender; null when it is nobody whom the server believes.</summary>
    public string? Of(RequestContext context)
    {
        Span<byte> buffer = stackalloc byte[Domains.LongestAor];
        if (!context.Request.FromView.TryGetSipUri(out SipUriView from))
        {
            return null;
        }

        if (!domains.TryWriteAor(from, buffer, out int length))
        {
            return believesEverybody && SipUri.TryParse(Encoding.UTF8.GetString(from.Text), out SipUri? foreign) ? foreign.ToAor() : null;
        }

        ReadOnlySpan<byte> aor = buffer[..length];
        return believesEverybody || IsThere(aor, context) ? Encoding.UTF8.GetString(aor) : null;
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

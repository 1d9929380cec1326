// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Which transports a URI may be reached by, before DNS is asked (RFC 3263 §4.1).</summary>
internal static class TransportChoice
{
    /// <summary>The transport that a URI names.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="isSecure">Whether it is followed as a sips URI.</param>
    /// <param name="transport">The transport; null where none is named.</param>
    /// <returns>False: it names one that is not known, or that is not secure although it has to be (RFC 3261 §26.2.2).</returns>
    public static bool TryRead(SipUri uri, bool isSecure, out SipTransport? transport)
    {
        transport = uri.Transport;
        if (transport is null)
        {
            return !uri.HasParameter("transport");
        }
        if (isSecure)
        {
            // In a sips URI the parameter says what TLS runs over.
            transport = transport switch { SipTransport.Tcp or SipTransport.Tls => SipTransport.Tls, SipTransport.Ws or SipTransport.Wss => SipTransport.Wss, _ => null };
        }
        return transport is not null;
    }

    /// <summary>The transport of a NAPTR service (RFC 3263 §4.1, RFC 7118 §10.2); null for one that is not for us.</summary>
    public static SipTransport? OfService(string service, bool isSecure) => service.ToUpperInvariant() switch
    {
        "SIPS+D2T" => SipTransport.Tls,
        "SIPS+D2W" => SipTransport.Wss,
        "SIP+D2U" when !isSecure => SipTransport.Udp,
        "SIP+D2T" when !isSecure => SipTransport.Tcp,
        "SIP+D2W" when !isSecure => SipTransport.Ws,
        _ => null,
    };

    /// <summary>Where the SRV records of a domain for a transport are (RFC 3263 §4.2); null for WebSocket, which has none but by NAPTR.</summary>
    public static string? ServiceName(SipTransport transport, string domain) => transport switch
    {
        SipTransport.Udp => "_sip._udp." + domain,
        SipTransport.Tcp => "_sip._tcp." + domain,
        SipTransport.Tls => "_sips._tcp." + domain,
        _ => null,
    };
}

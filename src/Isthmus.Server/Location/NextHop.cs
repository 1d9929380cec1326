// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Location;

/// <summary>Where a URI leads without asking anyone (RFC 3263 §4.1 and §4.2 for numeric hosts).</summary>
internal static class NextHop
{
    /// <summary>The address, port and transport that a URI with a numeric host (or maddr) names; null when it has a name that DNS must resolve.</summary>
    public static Target? Of(SipUri uri)
    {
        Host host = uri.Host;
        if (uri.Maddr is { } maddr && !Host.TryParse(maddr, out host))
        {
            return null;
        }

        if (host.Address is not { } address)
        {
            return null;
        }

        SipTransport transport = TransportOf(uri.Transport, uri.IsSecure);
        return new Target(transport, new IPEndPoint(address, uri.Port ?? transport.DefaultPort));
    }

    /// <inheritdoc cref="Of(SipUri)"/>
    public static Target? Of(SipStack stack, in SipUriView uri)
    {
        SipTransport transport = TransportOf(uri.Transport, uri.IsSecure);
        ReadOnlySpan<byte> host = uri.Has("maddr"u8) ? uri.Maddr : uri.Host;
        return stack.TryTargetOf(transport, host, uri.Port ?? transport.DefaultPort, out Target? target) ? target : null;
    }

    /// <summary>Where a binding is reached: its first Path, or the connection it registered by, or its Contact.</summary>
    /// <returns>null when nothing of it is numeric and its connection is gone.</returns>
    public static Target? Of(Binding binding)
    {
        if (binding.Path is [{ SipUri: { } path }, ..])
        {
            return Of(path);
        }

        Target? contact = InZoneOf(binding.Source.Address, Of(binding.Uri));
        bool isFlowOfContact = binding.Flow is { } flow && flow.Version == binding.Version
            && (binding.Uri.Transport is not { } named || named == flow.Transport);
        if (isFlowOfContact && binding.Flow!.Transport.IsReliable)
        {
            // A phone behind a connection is reached by that connection (RFC 5626 §5.3); only if it is gone, by a new one to its Contact.
            return new Target(binding.Flow.Transport, contact is null ? binding.Source : new IPEndPoint(contact.EndPoint.Address, contact.EndPoint.Port), binding.Flow);
        }

        if (contact is null)
        {
            return new Target(binding.Transport, binding.Source, binding.Flow);
        }

        // The socket that the phone registered with is the one that it expects requests from.
        return isFlowOfContact && binding.Flow!.Remote.Equals(contact.EndPoint) ? contact with { Flow = binding.Flow } : contact;
    }

    // A link-local address means nothing without its link (RFC 4007 §11), and a URI cannot say it: it is the one that the REGISTER came by.
    private static Target? InZoneOf(IPAddress source, Target? target) =>
        target is { EndPoint: { Address: { IsIPv6LinkLocal: true, ScopeId: 0 } address } endPoint } && source.IsIPv6LinkLocal
            ? target with { EndPoint = new IPEndPoint(new IPAddress(address.GetAddressBytes(), source.ScopeId), endPoint.Port) }
            : target;

    private static SipTransport TransportOf(SipTransport? named, bool isSecure) => (named, isSecure) switch
    {
        (SipTransport.Ws or SipTransport.Wss, true) => SipTransport.Wss,
        ({ } transport, false) => transport,
        (_, true) => SipTransport.Tls,
        _ => SipTransport.Udp,
    };
}

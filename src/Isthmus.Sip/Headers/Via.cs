// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Isthmus.Sip;

/// <summary>One Via value (RFC 3261 §20.42) with <c>received</c> and <c>rport</c> of RFC 3581. Immutable.</summary>
public sealed class Via
{
    /// <summary>The beginning of every branch of RFC 3261 (§8.1.1.7).</summary>
    public const string MagicCookie = "z9hG4bK";

    /// <summary>A value made here.</summary>
    public Via(SipTransport transport, HostPort sentBy, string branch, bool requestsRport = true)
    {
        (TransportToken, SentBy) = (transport.Token, sentBy);
        Parameters = requestsRport ? new([new("branch", branch), new("rport", null)]) : new([new("branch", branch)]);
    }

    private Via(string transportToken, HostPort sentBy, SipParameters parameters) => (TransportToken, SentBy, Parameters) = (transportToken, sentBy, parameters);

    /// <summary>The transport as it is written.</summary>
    public string TransportToken { get; }

    /// <summary>The transport; null for one that is not known here.</summary>
    public SipTransport? Transport => SipTransportOperations.TryParse(TransportToken, out SipTransport transport) ? transport : null;

    /// <summary>sent-by: where the sender is reached, as it says.</summary>
    public HostPort SentBy { get; }

    /// <summary>The parameters.</summary>
    public SipParameters Parameters { get; }

    /// <summary>The branch; null in requests of RFC 2543.</summary>
    public string? Branch => Parameters.Get("branch");

    /// <summary>Whether the branch is one of RFC 3261: the magic cookie with something behind it.</summary>
    public bool HasMagicCookie => Branch is { } branch && branch.Length > MagicCookie.Length && branch.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase);

    /// <summary>The address the request was received from, read with or without brackets (RFC 5118 §4.5).</summary>
    public IPAddress? Received
    {
        get
        {
            byte[] text = Encoding.UTF8.GetBytes(Parameters.Get("received") ?? "");
            return Host.TryParse(text, out Host host) || Host.TryParseV6(text, out host) ? host.Address : null;
        }
    }

    /// <summary>Whether the sender asks for <c>rport</c>, or it was filled in.</summary>
    public bool HasRport => Parameters.Has("rport");

    /// <summary>The port the request was received from; null when it was not filled in.</summary>
    public int? Rport => int.TryParse(Parameters.Get("rport"), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535 ? port : null;

    /// <summary>The <c>maddr</c> parameter.</summary>
    public string? Maddr => Parameters.Get("maddr");

    /// <summary>Reads one value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Via? value)
    {
        value = null;
        text = Characters.Trim(text);
        if (!ViaParts.TryScan(text, out ViaParts parts))
        {
            return false;
        }

        _ = Host.TryParse(text[parts.HostStart..parts.HostEnd], out Host sentBy); // scanned before
        _ = SipParameters.TryParse(text[parts.ParametersStart..], out SipParameters parameters);
        value = new(Characters.Text(text[parts.TransportStart..parts.TransportEnd]), new(sentBy, parts.Port), parameters);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out Via?)"/>
    public static bool TryParse(string text, [NotNullWhen(true)] out Via? value) => TryParse(Encoding.UTF8.GetBytes(text), out value);

    /// <summary>
    /// The value as a server notes where the request came from: <c>received</c> when sent-by is not that address or rport was asked for
    /// (RFC 3261 §18.2.1, RFC 3581 §4), without brackets for IPv6; and <c>rport</c> when it was asked for.
    /// </summary>
    public Via ReceivedFrom(IPEndPoint source)
    {
        var parameters = Parameters;
        IPAddress address = source.Address.Unmapped;
        if (HasRport || Parameters.Has("received") || SentBy.Host != Host.From(address)) // a received of the sender's own would send the answer elsewhere
        {
            parameters = parameters.With("received", address.ToString());
        }

        if (HasRport)
        {
            parameters = parameters.With("rport", source.Port.ToString(CultureInfo.InvariantCulture));
        }

        return new(TransportToken, SentBy, parameters);
    }

    /// <summary>The same value over another transport.</summary>
    public Via Over(SipTransport transport, HostPort sentBy) => new(transport.Token, sentBy, Parameters);

    /// <inheritdoc/>
    public override string ToString() => $"SIP/2.0/{TransportToken} {SentBy}{Parameters}";
}

// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Isthmus.Sip;

/// <summary>A SIP or SIPS URI (RFC 3261 §19.1). Immutable; equality is the one of §19.1.4 with the addresses of RFC 5954.</summary>
public sealed class SipUri : AnyUri, IEquatable<SipUri>
{
    private string? _text;

    internal SipUri(ReadOnlySpan<byte> text, SipUriParts parts)
    {
        _text = Characters.Text(text);
        IsSecure = parts.IsSecure;
        User = parts.HasUser ? Escapes.Decode(text[parts.User]) : null;
        Password = parts.HasPassword ? Escapes.Decode(text[parts.Password]) : null;
        _ = Host.TryParse(text[parts.Host], out Host host); // scanned before
        Host = host;
        Port = parts.Port;
        _ = UriParameters.TryParse(text[parts.Parameters], out SipParameters parameters);
        Parameters = parameters;
        HeaderText = parts.HasHeaders ? Characters.Text(text[parts.Headers]) : null;
    }

    private SipUri(SipUri other, SipParameters parameters, string? headerText, string? user, HostPort hostPort)
    {
        (IsSecure, Password) = (other.IsSecure, user is null ? null : other.Password);
        (User, Host, Port, Parameters, HeaderText) = (user, hostPort.Host, hostPort.Port, parameters, headerText);
    }

    private SipUri(bool isSecure, string? user, HostPort hostPort, SipParameters parameters) =>
        (IsSecure, User, Host, Port, Parameters) = (isSecure, user, hostPort.Host, hostPort.Port, parameters);

    /// <inheritdoc/>
    public override string Scheme => IsSecure ? "sips" : "sip";

    /// <summary>Whether this is a SIPS URI.</summary>
    public bool IsSecure { get; }

    /// <summary>The user without escapes; null where there is none.</summary>
    public string? User { get; }

    /// <summary>The password without escapes; null where there is none.</summary>
    public string? Password { get; }

    /// <summary>The host.</summary>
    public Host Host { get; }

    /// <summary>The port; null where none is written.</summary>
    public int? Port { get; }

    /// <summary>Host and port.</summary>
    public HostPort HostPort => new(Host, Port);

    /// <summary>The URI parameters without escapes.</summary>
    public SipParameters Parameters { get; }

    /// <summary>What follows the question mark, as it was written; null where there is none.</summary>
    public string? HeaderText { get; }

    /// <summary>The <c>transport</c> parameter; null when it is absent or names a transport that is not known here.</summary>
    public SipTransport? Transport => SipTransportOperations.TryParse(Parameters.Get("transport"), out SipTransport transport) ? transport : null;

    /// <summary>Whether the <c>lr</c> parameter is there: a loose router (RFC 3261 §16.12).</summary>
    public bool IsLoose => Parameters.Has("lr");

    /// <summary>The <c>maddr</c> parameter.</summary>
    public string? Maddr => Parameters.Get("maddr");

    /// <summary>The <c>gr</c> parameter of a GRUU (RFC 5627): empty when it has no value, null when it is absent.</summary>
    public string? Gr => Parameters.TryGet("gr", out string? value) ? value ?? "" : null;

    /// <summary>A new URI.</summary>
    /// <param name="user">The user without escapes, or null.</param>
    /// <param name="hostPort">Host and port.</param>
    /// <param name="transport">The transport to name; null names none.</param>
    /// <param name="isSecure">A SIPS URI.</param>
    public static SipUri Create(string? user, HostPort hostPort, SipTransport? transport = null, bool isSecure = false) =>
        new(isSecure, user, hostPort, transport is { } named ? new SipParameters(new KeyValuePair<string, string?>("transport", named.UriToken)) : default);

    /// <inheritdoc cref="AnyUri.TryParse(string, out AnyUri?)"/>
    public static bool TryParse(string text, [NotNullWhen(true)] out SipUri? uri) => (uri = AnyUri.TryParse(text, out AnyUri? any) ? any as SipUri : null) is not null;

    /// <summary>Whether the parameter is there.</summary>
    public bool HasParameter(string name) => Parameters.Has(name);

    /// <summary>The parameter's value; null when it is absent or has none.</summary>
    public string? Parameter(string name) => Parameters.Get(name);

    /// <summary>The same URI with the parameter set.</summary>
    public SipUri WithParameter(string name, string? value = null) => new(this, Parameters.With(name, value), HeaderText, User, HostPort);

    /// <summary>The same URI without the parameter.</summary>
    public SipUri WithoutParameter(string name) => Parameters.Has(name) ? new(this, Parameters.Without(name), HeaderText, User, HostPort) : this;

    /// <summary>The same URI without URI parameters and headers.</summary>
    public SipUri WithoutParametersAndHeaders() => Parameters.Count == 0 && HeaderText is null ? this : new(this, default, null, User, HostPort);

    /// <summary>The same URI without headers: what may stand in a Request-URI (RFC 3261 §19.1.1).</summary>
    public SipUri WithoutHeaders() => HeaderText is null ? this : new(this, Parameters, null, User, HostPort);

    /// <summary>The same URI at another host and port.</summary>
    public SipUri WithHostPort(HostPort hostPort) => new(this, Parameters, HeaderText, User, hostPort);

    /// <summary>The canonical form of the address-of-record that this URI names (RFC 3261 §10.3 step 5): no password, port, parameters or headers, the host in lower case.</summary>
    public string ToAor()
    {
        string host = Host.ToString().TrimEnd('.').ToLowerInvariant();
        return User is null ? $"{Scheme}:{host}" : $"{Scheme}:{Escapes.Encode(User, Characters.User)}@{host}";
    }

    /// <inheritdoc/>
    public bool Equals(SipUri? other) => other is not null && (ReferenceEquals(this, other) || SipUriEquality.AreEqual(this, other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SipUri);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsSecure, User, Host, Port);

    /// <summary>The URI as it was read, or in canonical escapes when it was made here.</summary>
    public override string ToString() => _text ??= Compose();

    private string Compose()
    {
        var text = new StringBuilder(Scheme).Append(':');
        if (User is not null)
        {
            text.Append(Escapes.Encode(User, Characters.User));
            if (Password is not null)
            {
                text.Append(':').Append(Escapes.Encode(Password, Characters.Password));
            }

            text.Append('@');
        }

        text.Append(Host.ToString());
        if (Port is { } port)
        {
            text.Append(CultureInfo.InvariantCulture, $":{port}");
        }

        UriParameters.Append(text, Parameters);
        return HeaderText is null ? text.ToString() : text.Append('?').Append(HeaderText).ToString();
    }
}

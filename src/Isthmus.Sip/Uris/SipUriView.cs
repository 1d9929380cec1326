// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>
/// A SIP or SIPS URI (RFC 3261 §19.1), read where it stands: it says what <see cref="SipUri"/> says and makes nothing. Valid as long as the bytes are.
/// User, password and values come as they are written, with their escapes; names are compared without them.
/// </summary>
public readonly ref struct SipUriView
{
    private readonly SipUriParts _parts;

    internal SipUriView(ReadOnlySpan<byte> text, scoped in SipUriParts parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>The whole URI.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Whether this is a SIPS URI.</summary>
    public bool IsSecure => _parts.IsSecure;

    /// <summary>Whether there is a user.</summary>
    public bool HasUser => _parts.HasUser;

    /// <summary>The user; empty where there is none.</summary>
    public ReadOnlySpan<byte> User => Text[_parts.User];

    /// <summary>The host, an IPv6 address in brackets.</summary>
    public ReadOnlySpan<byte> Host => Text[_parts.Host];

    /// <summary>The port; null where none is written.</summary>
    public int? Port => _parts.Port;

    /// <summary>The URI parameters, from the first semicolon; empty where there are none.</summary>
    public ReadOnlySpan<byte> Parameters => Text[_parts.Parameters];

    /// <summary>What follows the question mark; empty where there is none.</summary>
    public ReadOnlySpan<byte> Headers => Text[_parts.Headers];

    /// <summary>Whether the <c>lr</c> parameter is there: a loose router (RFC 3261 §16.12).</summary>
    public bool IsLoose => Has("lr"u8);

    /// <summary>The <c>maddr</c> parameter; empty when absent.</summary>
    public ReadOnlySpan<byte> Maddr => TryGet("maddr"u8, out ReadOnlySpan<byte> value) ? value : default;

    /// <summary>The <c>transport</c> parameter; null when it is absent or names a transport that is not known here.</summary>
    public SipTransport? Transport => TryGet("transport"u8, out ReadOnlySpan<byte> value)
        && (value.Contains((byte)'%') ? SipTransportOperations.TryParse(Escapes.Decode(value), out SipTransport transport) : SipTransportOperations.TryParse(value, out transport)) ? transport : null;

    /// <summary>Reads a URI; false when it is no SIP one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out SipUriView view)
    {
        bool isOne = SipUriParts.TryScan(text, out SipUriParts parts);
        view = isOne ? new(text, parts) : default;
        return isOne;
    }

    /// <summary>Whether the parameter is there.</summary>
    public bool Has(ReadOnlySpan<byte> name) => TryGet(name, out _);

    /// <summary>Whether the parameter is there, and its value; empty where it has none.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var rest = Parameters;
        while (UriParameters.TryNext(ref rest, out ReadOnlySpan<byte> found, out value, out _))
        {
            if (Escapes.AreEqualIgnoringCase(found, name))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether this is that host, however it is written.</summary>
    public bool HostIs(Host host) => host.IsWrittenAs(Host);

    /// <summary>Whether these are that host and port: a missing port is not the default one.</summary>
    public bool HostPortIs(HostPort hostPort) => Port == hostPort.Port && HostIs(hostPort.Host);

    /// <summary>
    /// Writes the canonical form of the address-of-record that this URI names (RFC 3261 §10.3 step 5): the octets of <see cref="SipUri.ToAor"/>.
    /// </summary>
    /// <param name="target">Where to; three times the URI's octets and 64 more are always enough.</param>
    /// <param name="written">How many octets were written.</param>
    /// <returns>False when the target is too small.</returns>
    public bool TryFormatAor(Span<byte> target, out int written)
    {
        written = 0;
        var scheme = IsSecure ? "sips:"u8 : "sip:"u8;
        if (!scheme.TryCopyTo(target))
        {
            return false;
        }

        int length = scheme.Length;
        if (HasUser)
        {
            if (!TryFormatUser(target[length..], out int user) || !"@"u8.TryCopyTo(target[(length + user)..]))
            {
                return false;
            }

            length += user + 1;
        }

        if (!Sip.Host.TryFormatCanonical(Host, target[length..], out int host))
        {
            return false;
        }

        written = length + host;
        return true;
    }

    /// <summary>Writes the user in canonical escapes: only what must have one has one, in upper case. The same user is always the same octets, however it is written.</summary>
    /// <returns>False when the target is too small; three times the octets of <see cref="User"/> are always enough.</returns>
    public bool TryFormatUser(Span<byte> target, out int written) => Escapes.TryNormalise(User, Characters.User, target, out written);
}

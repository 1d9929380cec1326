// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>Who made the session and which version of it this is, <c>o=</c> (RFC 8866 §5.2).</summary>
/// <param name="Username">The login of the maker, or <c>-</c>; no spaces.</param>
/// <param name="SessionId">Decimal digits; with the user name and address unique for the session.</param>
/// <param name="SessionVersion">Decimal digits; grows by one with every change (RFC 3264 §8).</param>
/// <param name="NetworkType">Usually <c>IN</c>.</param>
/// <param name="AddressType"><c>IP4</c> or <c>IP6</c>.</param>
/// <param name="Address">The maker's address or name, as written.</param>
public sealed record Origin(string Username, string SessionId, string SessionVersion, string NetworkType, string AddressType, string Address)
{
    /// <summary>An origin at an address; its type is the address's version.</summary>
    public static Origin Create(IPAddress address, ulong sessionId, ulong sessionVersion, string username = "-") => new(
        username,
        sessionId.ToString(CultureInfo.InvariantCulture),
        sessionVersion.ToString(CultureInfo.InvariantCulture),
        "IN",
        address.Version.AddressType,
        address.Unmapped.ToString());

    /// <summary>The version written as address type; null when it is neither <c>IP4</c> nor <c>IP6</c>.</summary>
    public IpVersion? Version => ConnectionData.VersionOf(AddressType);

    /// <summary>Whether both origins are of one session: all but the session version agree (RFC 8866 §5.2).</summary>
    public bool IsSameSession(Origin other) => this with { SessionVersion = other.SessionVersion } == other;

    /// <summary>The same session, one version later. A version at the end of its range starts again at 1.</summary>
    public Origin Next() => this with
    {
        SessionVersion =
            (ulong.TryParse(SessionVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version < long.MaxValue ? version + 1 : 1)
            .ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Reads the value of an <c>o=</c> line.</summary>
    public static bool TryParse(string value, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Origin? origin)
    {
        var fields = new Fields(value);
        var candidate = new Origin(
            fields.Next().ToString(), fields.Next().ToString(), fields.Next().ToString(),
            fields.Next().ToString(), fields.Next().ToString(), fields.Next().ToString());
        var good = IsNumber(candidate.SessionId) && IsNumber(candidate.SessionVersion) && candidate.Address.Length > 0 && fields.Rest.IsEmpty;
        origin = good ? candidate : null;
        return good;
    }

    /// <summary>The value of the line.</summary>
    public override string ToString() => $"{Username} {SessionId} {SessionVersion} {NetworkType} {AddressType} {Address}";

    private static bool IsNumber(string text) => text.Length is > 0 and <= 64 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>Another address for a media line, <c>a=altc</c> (RFC 6947 §4).</summary>
/// <param name="Number">Names the alternative and its rank; lower is preferred.</param>
/// <param name="Version">From the address type.</param>
/// <param name="AddressText">The address or name as written.</param>
/// <param name="Port">0 to 65535.</param>
public sealed record AlternativeAddress(int Number, IpVersion Version, string AddressText, int Port)
{
    /// <summary>The address; null for a domain name. Never IPv4-mapped.</summary>
    public IPAddress? Address => Sdp.AddressText.TryParse(AddressText, out var address) ? address : null;

    /// <summary>Reads the value of <c>a=altc</c>; null when it cannot be read or its address is not of the type written: such a line is ignored.</summary>
    public static AlternativeAddress? Parse(string value)
    {
        var fields = new Fields(value);
        var number = fields.Next();
        var type = fields.Next();
        var text = fields.Next();
        var port = fields.Next();
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var rank)
            || ConnectionData.VersionOf(type) is not { } version
            || !Sdp.AddressText.TryParse(text, out var address) || (address is not null && address.Version != version)
            || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var portNumber) || !fields.Rest.IsEmpty)
        {
            return null;
        }

        return new(rank, version, text.ToString(), portNumber);
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Version.AddressType} {AddressText} {Port}");
}

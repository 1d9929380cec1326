// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>The address of a registrar that is also the outbound proxy.</summary>
/// <param name="EndPoint">IP address and port.</param>
/// <param name="Transport">UDP or TCP; null: the phone's transport for that IP version.</param>
public sealed record ServerAddress(IPEndPoint EndPoint, SipTransport? Transport = null)
{
    private const int DefaultPort = 5060;

    /// <summary>The IP version by which this address is reached.</summary>
    public IpVersion Version => EndPoint.Address.Version;

    /// <summary>Reads <c>192.0.2.1</c>, <c>192.0.2.1:5060</c>, <c>[2001:db8::1]:5060</c> or <c>2001:db8::1</c>, each with an optional <c>;transport=udp|tcp</c>.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ServerAddress? address)
    {
        address = null;
        var parameter = text.IndexOf(';', StringComparison.Ordinal);
        SipTransport? transport = null;
        if (parameter >= 0)
        {
            switch (text[(parameter + 1)..].Trim().ToUpper(CultureInfo.InvariantCulture))
            {
                case "TRANSPORT=UDP": transport = SipTransport.Udp; break;
                case "TRANSPORT=TCP": transport = SipTransport.Tcp; break;
                default: return false;
            }

            text = text[..parameter];
        }

        if (!IPEndPoint.TryParse(text.Trim(), out var endPoint))
        {
            return false;
        }

        address = new ServerAddress(new IPEndPoint(endPoint.Address.Unmapped, endPoint.Port == 0 ? DefaultPort : endPoint.Port), transport);
        return true;
    }
}

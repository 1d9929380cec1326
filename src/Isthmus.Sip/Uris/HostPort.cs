// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Isthmus.Sip;

/// <summary>hostport (RFC 3261 §25.1): a host and, where it is written, a port of 0 to 65535.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">The port; null where none is written.</param>
public readonly record struct HostPort(Host Host, int? Port)
{
    /// <summary>The host and port of an endpoint.</summary>
    public static HostPort From(IPEndPoint endPoint) => new(Host.From(endPoint.Address), endPoint.Port);

    /// <summary>Reads <c>host</c> or <c>host:port</c>; an IPv6 address stands in brackets.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out HostPort hostPort)
    {
        hostPort = default;
        if (!TrySplit(text, out int hostLength, out int? port) || !Host.TryParse(text[..hostLength], out Host host))
        {
            return false;
        }

        hostPort = new(host, port);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out HostPort)"/>
    public static bool TryParse(string text, out HostPort hostPort) => TryParse(System.Text.Encoding.UTF8.GetBytes(text), out hostPort);

    /// <summary><c>host</c> or <c>host:port</c>, an IPv6 address in brackets.</summary>
    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host.ToString();

    /// <summary>Where the host ends and which port follows; the host itself is not looked at.</summary>
    internal static bool TrySplit(ReadOnlySpan<byte> text, out int hostLength, out int? port)
    {
        port = null;
        hostLength = text.Length;
        int bracket = text.LastIndexOf((byte)']');
        int colon = text[(bracket + 1)..].IndexOf((byte)':');
        if (colon < 0)
        {
            return !text.IsEmpty;
        }

        hostLength = bracket + 1 + colon;
        if (!Numbers.TryParse(text[(hostLength + 1)..], 65535, out uint value))
        {
            return false;
        }

        port = (int)value;
        return true;
    }
}

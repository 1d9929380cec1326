// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;

namespace Isthmus.Server;

/// <summary>A server of a peer, as it is configured: <c>host[:port][;transport=udp][;priority=1][;weight=10]</c>.</summary>
/// <param name="Host">A name, which DNS resolves, or an address.</param>
/// <param name="Port">The port; null: what DNS says, else the transport's own.</param>
/// <param name="Transport">The transport; null: the peer's.</param>
/// <param name="Priority">The lowest is tried first, 0 to 65535; null: the place in the list.</param>
/// <param name="Weight">The share among those of one priority, 0 to 65535 (RFC 2782).</param>
public sealed record PeerTarget(Host Host, int? Port = null, SipTransport? Transport = null, int? Priority = null, int Weight = 0)
{
    /// <summary>Reads a target; null for what is none.</summary>
    public static PeerTarget? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Written.TryParse(text, out Host host))
        {
            return new PeerTarget(host);
        }

        if (!SipUri.TryParse("sip:" + text, out SipUri? uri) || uri is not { User: null, HeaderText: null, Port: not 0 })
        {
            return null;
        }

        var target = new PeerTarget(uri.Host, uri.Port, uri.Transport);
        foreach ((string name, string? value) in uri.Parameters)
        {
            target = (name.ToLowerInvariant(), value) switch
            {
                ("transport", _) when uri.Transport is SipTransport.Udp or SipTransport.Tcp => target,
                ("priority", not null) when TryNumber(value, out int priority) => target with { Priority = priority },
                ("weight", not null) when TryNumber(value, out int weight) => target with { Weight = weight },
                _ => null,
            };
            if (target is null)
            {
                return null;
            }
        }

        return target;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string text = new HostPort(Host, Port).ToString();
        text += Transport is { } transport ? $";transport={transport.UriToken}" : "";
        text += Priority is { } priority ? string.Create(CultureInfo.InvariantCulture, $";priority={priority}") : "";
        return Weight == 0 ? text : text + string.Create(CultureInfo.InvariantCulture, $";weight={Weight}");
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= ushort.MaxValue;
}

// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Testing;

/// <summary>What became of something that was sent.</summary>
public enum Fate
{
    /// <summary>It is on its way and will arrive.</summary>
    Sent,

    /// <summary>It was lost, or fell into a blackhole.</summary>
    Lost,
}

/// <summary>One datagram or one piece of a stream, as it left its sender.</summary>
/// <param name="Time">Since the network was made.</param>
/// <param name="FromHost">The sending host's name.</param>
/// <param name="ToHost">The receiving host's name; "?" when no host has the address.</param>
/// <param name="From">The source.</param>
/// <param name="To">The destination.</param>
/// <param name="IsStream">A stream's piece; else a datagram.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="Fate">Whether it arrives.</param>
public sealed record Sent(TimeSpan Time, string FromHost, string ToHost, IPEndPoint From, IPEndPoint To, bool IsStream, byte[] Payload, Fate Fate)
{
    /// <summary>The IP version it travels on.</summary>
    public IpVersion Version => From.Address.Version;

    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The first line of the payload: a SIP start line.</summary>
    public string FirstLine => Text.Split("\r\n", 2)[0];

    /// <summary>One line of a ladder: time, who, arrow (solid for IPv6, dashed for IPv4), whom, what.</summary>
    public override string ToString() =>
        $"{Time.TotalSeconds,9:0.000} {FromHost} {(Version == IpVersion.V6 ? "──" : "╌╌")}{(IsStream ? "tcp" : "udp")}{(Fate == Fate.Lost ? "✗" : ">")} {ToHost}  {FirstLine}";
}

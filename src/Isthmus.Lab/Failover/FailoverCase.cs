// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>One measurement: which server is asked to call into the other domain, by which transport, and what is wrong there.</summary>
/// <param name="Server">The program in the place of S1, a name of <see cref="ServerPrograms"/>.</param>
/// <param name="Transport">The transport on both sides of it.</param>
/// <param name="Fault">What is wrong.</param>
public sealed record FailoverCase(string Server, SipTransport Transport, FailoverFault Fault)
{
    /// <summary>What is wrong, in a few words.</summary>
    public string Title => Fault switch
    {
        FailoverFault.Ipv6Lost => "IPv6 black-holed",
        FailoverFault.Ipv4Lost => "IPv4 black-holed",
        FailoverFault.FirstSilent => "first server silent",
        FailoverFault.FirstRefuses => "first server refuses",
        _ => "normal",
    };

    /// <summary>A short name without spaces, such as <c>isthmus-udp-first-silent</c>.</summary>
    public string Name => $"{Server}-{Transport.UriToken}-{Title.Replace(' ', '-')}";

    /// <summary>The version by which the call comes, so that the one that is lost is the one to be tried first.</summary>
    public IpVersion Arrival => Fault == FailoverFault.Ipv4Lost ? IpVersion.V4 : IpVersion.V6;

    /// <summary>Every fault over UDP and TCP with these servers.</summary>
    public static IReadOnlyList<FailoverCase> All(IReadOnlyList<string> servers) =>
    [
        .. from server in servers
           from transport in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
           from fault in Enum.GetValues<FailoverFault>()
           select new FailoverCase(server, transport, fault),
    ];
}

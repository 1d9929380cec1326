// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>One proxy of linphone, such as <c>sip:[::1]:5060;transport=udp</c>. Two of them are linphone's way to register on both IP versions.</summary>
internal sealed record LinphoneProxy(string Uri);

/// <summary>How a linphonec is started.</summary>
internal sealed record LinphonecOptions
{
    /// <summary>Its address-of-record, such as <c>sip:carol@example.com</c>.</summary>
    public required string Identity { get; init; }

    /// <summary>The proxies at which it registers; the first is the default account. None for calls from peer to peer.</summary>
    public IReadOnlyList<LinphoneProxy> Proxies { get; init; } = [];

    /// <summary>The IP versions that it may use.</summary>
    public IpVersions Versions { get; init; } = IpVersions.V4;

    /// <summary>The address on which it is called from peer to peer.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    public TestHost? Host { get; init; }

    public bool AnswersAtOnce { get; init; } = true;

    /// <summary>The tone that it says, in hertz.</summary>
    public double Tone { get; init; } = 700;

    /// <summary>Prints linphone's own log.</summary>
    public bool Trace { get; init; }
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>How a figure is run: which method of the judge, and which transport each terminal uses.</summary>
public sealed record FigureSettings
{
    /// <summary>The judge's method; the figure's first when null.</summary>
    public JudgeMethod? Method { get; init; }

    /// <summary>The transport of the calling terminal.</summary>
    public SipTransport CallerTransport { get; init; } = SipTransport.Udp;

    /// <summary>The transport of the called terminal.</summary>
    public SipTransport CalleeTransport { get; init; } = SipTransport.Udp;

    /// <summary>How the call ends.</summary>
    public FigureEnding Ending { get; init; } = FigureEnding.CallerHangsUp;

    /// <summary>How long the called terminal rings.</summary>
    public TimeSpan RingFor { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>How long to wait after the call until transactions must be gone too (64*T1 is 32 s); zero looks only at calls and media sockets.</summary>
    public TimeSpan Linger { get; init; }

    /// <summary>How long both may take to recognise each other's tone before they count as not heard.</summary>
    public TimeSpan TalkAtMost { get; init; } = TimeSpan.FromSeconds(6);
}

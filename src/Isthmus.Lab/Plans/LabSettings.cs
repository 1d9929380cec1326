// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>How a row is run.</summary>
public sealed record LabSettings
{
    /// <summary>The command that is <c>isthmus</c>: its path, with what comes before its arguments.</summary>
    public required IReadOnlyList<string> Isthmus { get; init; }

    /// <summary>The network; the row's first when null.</summary>
    public LabNetwork? Network { get; init; }

    /// <summary>The judge's method; the figure's first when null.</summary>
    public JudgeMethod? Method { get; init; }

    /// <summary>The transport of the calling terminal.</summary>
    public SipTransport CallerTransport { get; init; } = SipTransport.Udp;

    /// <summary>The transport of the called terminal.</summary>
    public SipTransport CalleeTransport { get; init; } = SipTransport.Udp;

    /// <summary>
    /// The program at a place (<c>T5</c>, <c>S2</c>…): <c>isthmus</c> where nothing is said, or a name of <see cref="TerminalPrograms"/> or <see cref="ServerPrograms"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Programs { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder for what is captured and drawn.</summary>
    public required string Output { get; init; }

    /// <summary>How long programs may take to start, to register, and to set up the call, each.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>RTP packets of each direction after which the call has lasted long enough; 50 are a second.</summary>
    public int EnoughMedia { get; init; } = 75;

    /// <summary>How long the talk may last if there are never as many.</summary>
    public TimeSpan TalkAtMost { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The program at a place.</summary>
    public string ProgramOf(string place) => Programs.GetValueOrDefault(place, TerminalPrograms.Ours);

    internal SipTransport TransportOf(Figure figure, Terminal terminal) => terminal == figure.Caller ? CallerTransport : CalleeTransport;
}

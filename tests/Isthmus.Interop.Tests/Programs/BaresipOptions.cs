// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>One account of baresip. Two of them with one user are baresip's way to register on both IP versions.</summary>
internal sealed record BaresipAccount(string Aor)
{
    /// <summary>The proxy to which everything goes, such as <c>sip:[::1]:5060;transport=tcp</c>.</summary>
    public string? Outbound { get; init; }

    /// <summary>Seconds between registrations; 0 for no registration.</summary>
    public int RegisterEvery { get; init; } = 300;

    /// <summary>Whether a call is answered at once, or waits for <see cref="Baresip.AnswerAsync"/>.</summary>
    public bool AnswersAtOnce { get; init; } = true;

    public override string ToString() =>
        $"<{Aor}>{(Outbound is null ? "" : $";outbound=\"{Outbound}\"")};regint={(Outbound is null ? 0 : RegisterEvery)};answermode={(AnswersAtOnce ? "auto" : "manual")}";
}

/// <summary>How a baresip is started.</summary>
internal sealed record BaresipOptions
{
    public required IReadOnlyList<BaresipAccount> Accounts { get; init; }

    /// <summary>The one address that it has, on loopback: an IPv4 one makes it IPv4-only, an IPv6 one IPv6-only. Null on a <see cref="TestHost"/>.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The host of a <see cref="TestNetwork"/> on which it runs, with all its addresses.</summary>
    public TestHost? Host { get; init; }

    /// <summary>Whom <see cref="Baresip.SendMessageAsync"/> writes to: baresip writes to its current contact.</summary>
    public string? Contact { get; init; }

    /// <summary>The tone that it says, in hertz.</summary>
    public double Tone { get; init; } = 440;

    /// <summary>Prints every message that it sends and receives.</summary>
    public bool Trace { get; init; }
}

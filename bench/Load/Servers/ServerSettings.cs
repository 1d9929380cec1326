// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>How a server is run, whichever it is.</summary>
internal sealed record ServerSettings
{
    /// <summary>For UDP and TCP, IPv4 and IPv6.</summary>
    public required int Port { get; init; }

    /// <summary>The processors that it may use, as <c>taskset</c> lists them.</summary>
    public string Processors { get; init; } = "0";

    public bool IsTcp { get; init; }

    /// <summary>Whether ours keeps bindings in a file; the peer has them in memory in any case.</summary>
    public bool IsDurable { get; init; }

    /// <summary>Whether it serves presence: Kamailio only then loads what that takes, and ours delays no NOTIFY.</summary>
    public bool WithPresence { get; init; }

    /// <summary>Our judge's method.</summary>
    public string Judge { get; init; } = "auto";

    /// <summary>More environment for ours.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

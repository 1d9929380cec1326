// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What messages say about where they come from and where they go.</summary>
internal sealed record Surroundings
{
    /// <summary>The domain that the server is responsible for.</summary>
    public const string Domain = "load.test";

    public required PhoneAddresses Callers { get; init; }

    public required int CallerPort { get; init; }

    public required PhoneAddresses Callees { get; init; }

    public required int CalleePort { get; init; }

    /// <summary>Whether calls go over TCP on both sides.</summary>
    public bool IsTcp { get; init; }

    /// <summary>The users; each has one phone of either role.</summary>
    public required int Users { get; init; }

    /// <summary>Makes Call-IDs and tags differ from those of other runs.</summary>
    public string Run { get; init; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The transport as Via names it.</summary>
    public string ViaTransport => IsTcp ? "TCP" : "UDP";

    /// <summary>What a SIP URI of a phone ends with.</summary>
    public string UriTransport => IsTcp ? ";transport=tcp" : "";

    public string CallerHost => $"{Callers.HostTemplate("{caller-net}")}:{CallerPort}";

    /// <summary>Where the called phone of the calling user is.</summary>
    public string WatcherHost => $"{Callees.HostTemplate("{caller-net}")}:{CalleePort}";

    public string CalleeHost => $"{Callees.HostTemplate("{callee-net}")}:{CalleePort}";
}

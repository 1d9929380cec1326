// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Server.Diagnostics;

namespace Isthmus.Server;

/// <summary>What a server would do with a call, and what it knows that makes it do so.</summary>
public sealed record Explanation
{
    /// <summary>Whom the call is for.</summary>
    public required string Uri { get; init; }

    /// <summary>What is known of the caller.</summary>
    public required string Caller { get; init; }

    /// <summary>Who decides where it goes: <c>location</c>, <c>peer</c>, <c>dns</c> or <c>address</c>.</summary>
    public required string Way { get; init; }

    /// <summary>Who may send it there through this server, and whether this caller may.</summary>
    public required string Relay { get; init; }

    /// <summary>The answer where the call goes nowhere, such as <c>404 Domain Does Not Exist</c>; null where it goes on to the judge.</summary>
    public string? Answer { get; init; }

    /// <summary>Where it is known from who is registered, or why it is not known; null: the running server itself.</summary>
    public string? Registered { get; init; }

    /// <summary>The bindings of the callee, where it is one of the server's users.</summary>
    public IReadOnlyList<BindingView> Bindings { get; init; } = [];

    /// <summary>The entry of the peer table that holds; null when there is none.</summary>
    public ExplainedPeer? Peer { get; init; }

    /// <summary>What DNS was asked and what it said, in the order in which the answers came.</summary>
    public IReadOnlyList<ExplainedLookUp> LookUps { get; init; } = [];

    /// <summary>The servers of the other domain, as they were found.</summary>
    public IReadOnlyList<ExplainedTarget> Targets { get; init; } = [];

    /// <summary>What the judge says, for each version that the call may come by.</summary>
    public IReadOnlyList<ExplainedCall> Calls { get; init; } = [];

    /// <summary>The explanation as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ControlJson.Default.Explanation);
}

/// <summary>An entry of the peer table.</summary>
/// <param name="Domain">The domain or pattern.</param>
/// <param name="Targets">Its targets; empty: DNS knows them.</param>
/// <param name="IpVersion"><c>both</c>, <c>IPv4</c> or <c>IPv6</c>.</param>
/// <param name="Judge">How calls to it are judged.</param>
/// <param name="Trusted">Whether it may send to other domains.</param>
public sealed record ExplainedPeer(string Domain, IReadOnlyList<string> Targets, string IpVersion, string Judge, bool Trusted);

/// <summary>One question to DNS.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">Such as <c>SRV</c>.</param>
/// <param name="Status">Such as <c>Ok</c> or <c>NameError</c>.</param>
/// <param name="Records">The records, as a zone file has them.</param>
/// <param name="TimeToLive">Seconds for which this is good yet.</param>
/// <param name="Source"><c>Resolver</c>, <c>Cache</c> or <c>Stale</c>.</param>
public sealed record ExplainedLookUp(string Name, string Type, string Status, IReadOnlyList<string> Records, double TimeToLive, string Source);

/// <summary>A server of another domain.</summary>
/// <param name="Address">Address and port.</param>
/// <param name="Version"><c>IPv4</c> or <c>IPv6</c>.</param>
/// <param name="Transport">Such as <c>udp</c>.</param>
/// <param name="Host">Its name; null where there is none.</param>
/// <param name="Rank">0 for those that are tried first; equal ones share.</param>
/// <param name="Health"><c>good</c>, <c>bad</c> or <c>unknown</c>.</param>
/// <param name="TimeToLive">Seconds for which this is good yet; null: it is configured.</param>
public sealed record ExplainedTarget(string Address, string Version, string Transport, string? Host, int Rank, string Health, double? TimeToLive);

/// <summary>What the judge says of the call when it comes by one version.</summary>
/// <param name="Arrival">The version that it comes by.</param>
/// <param name="Offer">The version of its offer, or <c>ICE</c>.</param>
/// <param name="Method">The judge's method.</param>
/// <param name="Verdict"><c>forward</c>, <c>redirect</c> or <c>refuse</c>.</param>
/// <param name="Version">The version forwarded on, redirected to, or missing; null when several devices ring on different ones.</param>
/// <param name="Reason">The reason code.</param>
/// <param name="Says">The same as a sentence.</param>
/// <param name="Order">Where it goes, in order; empty unless it is forwarded.</param>
public sealed record ExplainedCall(string Arrival, string Offer, string Method, string Verdict, string? Version, string Reason, string Says, IReadOnlyList<string> Order);

// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Isthmus.Server;

/// <summary>A binding as <c>isthmus show bindings</c> shows it.</summary>
/// <param name="Aor">The address-of-record.</param>
/// <param name="Contact">The Contact's URI.</param>
/// <param name="Version"><c>IPv4</c> or <c>IPv6</c>.</param>
/// <param name="Transport">The transport that the REGISTER came by.</param>
/// <param name="Source">Where the REGISTER came from.</param>
/// <param name="Q">The preference, 0 to 1.</param>
/// <param name="ExpiresIn">Seconds that remain.</param>
/// <param name="Device">The instance, or the REGISTER's Call-ID: bindings with the same one are one terminal. Of an address in another domain, itself.</param>
/// <param name="FollowsRedirect">Whether the device judges and follows redirects.</param>
/// <param name="UserAgent">What the device calls itself.</param>
public sealed record BindingView(
    string Aor, string Contact, string Version, string Transport, string Source, double Q, int ExpiresIn, string Device, bool FollowsRedirect, string? UserAgent);

/// <summary>A call as <c>isthmus show calls</c> shows it.</summary>
/// <param name="CallId">Its Call-ID.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="Callee">Who is called.</param>
/// <param name="State">Such as <c>ringing</c> or <c>answered</c>.</param>
/// <param name="CallerVersion"><c>IPv4</c> or <c>IPv6</c>: the caller's side of the signalling.</param>
/// <param name="CalleeVersion">The callee's side; null while nobody was reached.</param>
/// <param name="Seconds">Since it began.</param>
/// <param name="Verdict">Why the judge forwarded it; null when it was not judged.</param>
public sealed record CallView(string CallId, string Caller, string Callee, string State, string CallerVersion, string? CalleeVersion, int Seconds, string? Verdict = null);

/// <summary>A listener as <c>isthmus show listeners</c> shows it.</summary>
/// <param name="Transport"><c>udp</c> or <c>tcp</c>.</param>
/// <param name="Version"><c>IPv4</c> or <c>IPv6</c>.</param>
/// <param name="Address">The address and port that it is bound to.</param>
public sealed record ListenerView(string Transport, string Version, string Address);

/// <summary>A server of another domain as <c>isthmus show peers</c> shows it.</summary>
/// <param name="Domain">The domain, or the pattern of the peer table.</param>
/// <param name="Source"><c>peer</c>: the peer table speaks of it; <c>dns</c>: DNS was asked.</param>
/// <param name="Target">The host, as configured or as DNS names it; null when there is none.</param>
/// <param name="Address">Its address and port; null while it is not known.</param>
/// <param name="Version"><c>IPv4</c> or <c>IPv6</c>; null without an address.</param>
/// <param name="Transport">Such as <c>udp</c>; null without an address.</param>
/// <param name="Rank">0 for those that are tried first; equal ones share.</param>
/// <param name="Health"><c>good</c>, <c>bad</c> or <c>unknown</c>.</param>
/// <param name="BadFor">Seconds until it is tried in its turn again; null when it is not bad.</param>
/// <param name="RoundTrip">Milliseconds of its last answer; null while there was none.</param>
/// <param name="LastFailure">Seconds since it failed last; null when it never did.</param>
/// <param name="Problem">Why no server was found; null when one was.</param>
/// <param name="Judge">How calls to the domain are judged.</param>
/// <param name="Trusted">Whether requests from this address may go on to other domains.</param>
/// <param name="Fault">In which way it failed last, such as <c>silent</c>, <c>refused</c> or <c>503, asked for 60 s</c>; null when it never did.</param>
public sealed record PeerView(
    string Domain,
    string Source,
    string? Target,
    string? Address,
    string? Version,
    string? Transport,
    int? Rank,
    string Health,
    double? BadFor,
    double? RoundTrip,
    double? LastFailure,
    string? Problem,
    string Judge,
    bool Trusted,
    string? Fault = null);

/// <summary>What the runtime of a server has done, as <c>isthmus show runtime</c> shows it.</summary>
/// <param name="UpSeconds">Since the server began.</param>
/// <param name="WorkingSet">Memory of the process, in octets, with what it shares.</param>
/// <param name="Heap">Objects, garbage among them, in octets.</param>
/// <param name="Committed">What the heap has of the system, in octets.</param>
/// <param name="Allocated">All that was ever allocated, in octets.</param>
/// <param name="Collections">Garbage collections of each generation, those of the higher ones among those of the lower.</param>
/// <param name="PausedMilliseconds">How long all of them stopped everything.</param>
/// <param name="Pauses">The latest, at most 1,024.</param>
public sealed record RuntimeView(
    double UpSeconds, long WorkingSet, long Heap, long Committed, long Allocated, IReadOnlyList<int> Collections, double PausedMilliseconds, IReadOnlyList<PauseView> Pauses);

/// <summary>A pause of a garbage collection.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="UpSeconds">When it was seen, in seconds since the server began.</param>
/// <param name="Milliseconds">How long everything stood still.</param>
/// <param name="Collections">How many collections that was: more than 1 where they came one upon the other.</param>
public sealed record PauseView(long Number, double UpSeconds, double Milliseconds, int Collections);

/// <summary>One answer of the control socket: what was asked for, or an error.</summary>
internal sealed record ControlAnswer
{
    public IReadOnlyList<BindingView>? Bindings { get; init; }

    public IReadOnlyList<CallView>? Calls { get; init; }

    public IReadOnlyList<ListenerView>? Listeners { get; init; }

    public IReadOnlyList<MessageView>? Messages { get; init; }

    public IReadOnlyList<PeerView>? Peers { get; init; }

    public IReadOnlyList<PresenceView>? Presence { get; init; }

    public RuntimeView? Runtime { get; init; }

    public IReadOnlyList<SubscriptionView>? Subscriptions { get; init; }

    public Explanation? Explanation { get; init; }

    public string? Error { get; init; }
}

[JsonSerializable(typeof(ControlAnswer))]
[JsonSerializable(typeof(ExplainQuestion))]
[JsonSerializable(typeof(Explanation))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ControlJson : JsonSerializerContext;

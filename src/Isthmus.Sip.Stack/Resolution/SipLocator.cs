// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// Locates the servers of a SIP or sips URI (RFC 3263), on both IP versions (RFC 7984): one list, in the order in which its members are tried. Knows what DNS
/// said before, and never takes longer than it is allowed.
/// </summary>
/// <remarks>Any number of threads may locate at a time. What else is asked of DNS while it is slow does not hold up what is in the cache.</remarks>
public sealed class SipLocator
{
    private readonly TimeProvider _time;
    private readonly LocatorOptions _options;
    private readonly LocateTools _tools;

    /// <summary>Makes a locator with an empty cache.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="dns">Who is asked.</param>
    /// <param name="reach">What one can send by here.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">The chance among servers of one priority; null: a good one. Where several threads locate it has to bear that.</param>
    public SipLocator(LocatorOptions options, IDnsClient dns, ILocalReach reach, TimeProvider time, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dns);
        ArgumentNullException.ThrowIfNull(reach);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
        _tools = new LocateTools(options, new AliasWalk(new DnsCache(dns, options.Cache, time), options.MaxAliases), reach, time, random ?? Random.Shared);
    }

    /// <summary>Locates the servers of a URI. Failure is in the result.</summary>
    /// <param name="uri">The URI that a request is to be sent to: of a Route, else the Request-URI.</param>
    /// <param name="isSecure">Follow it as a sips URI, because the Request-URI is one (RFC 3261 §8.1.2, §16.6 step 7).</param>
    /// <param name="trail">Takes what DNS was asked, and its answers, in the order in which these came.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<LocateResult> LocateAsync(SipUri uri, bool isSecure = false, ICollection<DnsStep>? trail = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var goal = new LocateGoal(_tools, uri, isSecure || uri.IsSecure);
        if (goal.WithoutDns() is { } known)
        {
            return known;
        }
        using var limit = new CancellationTokenSource(_options.TotalTime, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var questions = new LocateQuestions(_tools, trail, stop.Token, cancellationToken);
        try
        {
            return await new LocateSearch(_tools, goal, questions).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            questions.Close();
            stop.Cancel(); // ends the waiting; what is asked goes on, for the cache
        }
    }

    /// <summary>
    /// Locates where a response goes whose connection or source address is gone (RFC 3263 §5): by the sent-by of its top Via, which is followed like a URI with
    /// that host, port and transport.
    /// </summary>
    /// <param name="sentBy">The sent-by of the Via.</param>
    /// <param name="transport">The transport of the Via.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<LocateResult> LocateAsync(HostPort sentBy, SipTransport transport, CancellationToken cancellationToken = default) =>
        LocateAsync(SipUri.Create(null, sentBy, transport), cancellationToken: cancellationToken);
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>What the proxy's parts share: they all belong to one running server.</summary>
internal sealed class ProxyEnvironment
{
    // As many requests as may be on their way at once on a busy server; more are made and forgotten.
    private const int MostKept = 65_536;

    /// <summary>The stack that the proxy stands on.</summary>
    public required SipStack Stack { get; init; }

    /// <summary>What the user configured.</summary>
    public required ServerOptions Options { get; init; }

    /// <summary>Makes targets of bindings.</summary>
    public required ProxyTargets Targets { get; init; }

    /// <summary>How the servers of other domains have been.</summary>
    public required TargetHealth Health { get; init; }

    /// <summary>Asks them whether they are there.</summary>
    public required TargetProber Prober { get; init; }

    /// <summary>Who sees what is forwarded.</summary>
    public required IForwardingObserver Observer { get; init; }

    /// <summary>Who looks at final responses before they go back; null: nobody.</summary>
    public IAnswerReview? Review { get; init; }

    /// <summary>Keeps requests for users who are not there; null: nobody.</summary>
    public IRequestKeeper? Keeper { get; init; }

    /// <summary>Where the addresses lead that users have registered in other domains; null: nowhere.</summary>
    public AwayServers? Away { get; init; }

    /// <summary>What has been done.</summary>
    public ProxyCounters Counters { get; } = new();

    /// <summary>The marks in our Record-Routes and branches.</summary>
    public required RouteMarks Marks { get; init; }

    /// <summary>Our Record-Routes.</summary>
    public RecordRoutes RecordRoutes { get; } = new();

    /// <summary>Where messages that we make come from.</summary>
    public required MessagePool Messages { get; init; }

    /// <summary>Edits that nobody uses now.</summary>
    public Pool<MessageEdit> Edits { get; } = new(64);

    /// <summary>Contexts of requests that are dealt with.</summary>
    public Pool<RequestContext> Contexts { get; } = new(MostKept);

    /// <summary>Contexts of forwarded requests whose transactions are over.</summary>
    public Pool<ResponseContext> ResponseContexts { get; } = new(4 * MostKept);
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>What the proxy's parts share: they all belong to one running server.</summary>
internal sealed class ProxyEnvironment
{
    /// <summary>The stack that the proxy stands on.</summary>
    public required SipStack Stack { get; init; }

    /// <summary>What the user configured.</summary>
    public required ServerOptions Options { get; init; }

    /// <summary>Makes targets of bindings.</summary>
    public required ProxyTargets Targets { get; init; }

    /// <summary>Who sees what is forwarded.</summary>
    public required IForwardingObserver Observer { get; init; }

    /// <summary>Who looks at final responses before they go back; null: nobody.</summary>
    public IAnswerReview? Review { get; init; }

    /// <summary>What has been done.</summary>
    public ProxyCounters Counters { get; } = new();

    /// <summary>The marks in our Record-Routes and branches.</summary>
    public required RouteMarks Marks { get; init; }
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Explaining;
using Isthmus.Server.Hosting;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server;

/// <summary>Explains calls by a configuration alone: DNS is asked, no socket is opened for SIP, and who is registered is not known.</summary>
public static class OfflineExplainer
{
    /// <summary>What a server with this configuration would do.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="question">The call.</param>
    /// <param name="dns">Who is asked; null: the resolvers that are configured, else those of the system.</param>
    /// <param name="network">This host; null: the operating system's.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ValueTask<Explanation> ExplainAsync(
        ServerOptions options, ExplainQuestion question, IDnsClient? dns = null, INetwork? network = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(question);
        time ??= TimeProvider.System;
        ILocalAddresses local = network is null ? new LocalAddresses(time) : new RoutedAddresses(network);
        network ??= new SystemNetwork(null, time);
        var reach = new ConfiguredReach(options.Listeners, network);
        var directory = ServerDirectory.Of(reach, options, dns ?? SystemDns.Create(options.Dns, time), time);
        IpVersions versions = options.Listeners.Aggregate(IpVersions.None, (known, listener) => known | reach.VersionsOf(listener.Transport));
        var explainer = new Explainer(new Domains(options, local), directory, new TargetHealth(new TargetHealthOptions(), time), () => versions, users: null);
        return explainer.ExplainAsync(question, cancellation);
    }
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Explaining;
using Isthmus.Server.Hosting;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server;

/// <summary>
/// Explains calls by a configuration, without a running server: DNS is asked, no socket is opened for SIP, and who is registered is known from the store where there is
/// one that no server uses.
/// </summary>
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
    public static async ValueTask<Explanation> ExplainAsync(
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
        var domains = new Domains(options, local);
        (StoredUsers? stored, string source) = StoredUsers.Read(options, domains, reach, time);
        using (stored)
        {
            var explainer = new Explainer(domains, directory, new TargetHealth(new TargetHealthOptions(), time), () => versions, stored?.Users);
            return await explainer.ExplainAsync(question, cancellation).ConfigureAwait(false) with { Registered = source };
        }
    }
}

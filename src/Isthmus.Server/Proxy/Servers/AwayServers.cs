// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>The servers behind the addresses that users have registered in other domains (docs/decisions/0048).</summary>
/// <param name="domains">Which names and addresses are ours.</param>
/// <param name="directory">Where the servers of other domains are.</param>
/// <param name="location">Where the users are.</param>
/// <param name="judge">Asks the judge about an INVITE.</param>
/// <param name="waiting">Bounds the searches.</param>
internal sealed class AwayServers(Domains domains, ServerDirectory directory, ILocationService location, ICallJudge judge, WaitingRequests waiting)
{
    /// <summary>Asks the judge about an INVITE.</summary>
    public ICallJudge Judge => judge;

    /// <summary>Counts those who wait.</summary>
    public WaitingRequests Waiting => waiting;

    /// <summary>Looks for the servers of a Contact. Complete at once when nothing has to be asked for.</summary>
    /// <exception cref="OperationCanceledException">The search was ended.</exception>
    public ValueTask<ServerFinding> FindAsync(SipUri uri, bool isSecure, CancellationToken cancellation) => domains.IsOurs(uri)
        ? new(new ServerFinding(null, LocateFailure.NoSuchDomain, null, IpVersions.None)) // nobody else's, so there are no servers to be found
        : directory.FindAsync(uri, isSecure || uri.IsSecure, null, cancellation);

    /// <summary>Without those that lead back here, by a name of ours that nobody told us; null where none is left.</summary>
    public ServerList? WithoutOurs(ServerList found)
    {
        ServerList servers = found.With(found.Targets.Where(target => !domains.IsOwnHop(SipUri.Create(null, HostPort.From(target.EndPoint), target.Transport))));
        return servers.Targets.Count == 0 ? null : servers;
    }

    /// <summary>
    /// Whether a Contact is that of a phone after all, which is where it registered from: its name is that of the host there, or none that DNS knows. A domain that has SRV
    /// records is a domain, also when its server and who registered are on one host.
    /// </summary>
    public static bool IsPhone(Binding contact, ServerFinding finding) => finding.Servers is { } servers
        ? servers.Targets.Any(target => contact.IsFrom(target.EndPoint.Address) && contact.Uri.Host.ToString().TrimEnd('.').Equals(target.HostName, StringComparison.OrdinalIgnoreCase))
        : finding.Failure is LocateFailure.NoSuchDomain or LocateFailure.NoAddress;

    /// <summary>Whether whoever registered a Contact has another one too, by which he is called already: nobody gets two branches.</summary>
    public bool HasAnother(Binding contact) => location.Find(contact.Aor).Any(device => !device.IsAway
        && device.Bindings.Any(binding => binding.CallIdOctets.SequenceEqual(contact.CallIdOctets) || binding.IsFrom(contact.Transport, contact.Source)));

    /// <summary>Whether one of two addresses is that of a server behind an address that one of these users has registered.</summary>
    public async ValueTask<bool> HaveAsync(IReadOnlyList<SipUri> contacts, IPAddress address, IPAddress? other, CancellationToken cancellation)
    {
        foreach (SipUri contact in contacts)
        {
            ServerFinding finding = await FindAsync(contact, isSecure: false, cancellation).ConfigureAwait(false);
            if (finding.Servers?.Targets.Any(target => target.EndPoint.Address.Unmapped is var server && (server.Equals(address) || server.Equals(other))) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What an INVITE that opens a call is told by the judge about servers; null where nothing is judged.</summary>
    public Verdict? Decide(RequestContext request, SipUri contact, JudgeMethod method, IEnumerable<IpVersion> versions)
    {
        string name = contact.HostPort.ToString();
        return request.Offer is { } offer ? judge.Decide(request, method, offer, [DeviceFacts.ForServers(name, versions)], name) : null;
    }

    /// <summary>How calls to one of our users are judged.</summary>
    public JudgeMethod MethodFor(RequestContext request) => request.TryGetUri(out SipUriView uri) ? domains.MethodFor(uri) : directory.Judge;
}

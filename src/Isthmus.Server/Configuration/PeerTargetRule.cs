// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Configuration;

/// <summary>A target of a peer can be sent to: its address is of a version that the peer may use, and there is a listener for it.</summary>
internal sealed class PeerTargetRule : IConfigurationRule
{
    public IEnumerable<ConfigurationFinding> Check(ServerOptions options, ConfigurationTable root)
    {
        for (int i = 0; i < options.Peers.Count; i++)
        {
            PeerOptions peer = options.Peers[i];
            foreach (PeerTarget target in peer.Targets)
            {
                if (Fault(options, peer, target) is { } fault)
                {
                    yield return new(WrittenAt.Element(root, "peer", i), $"target '{target}': {fault}");
                }
            }
        }
    }

    private static string? Fault(ServerOptions options, PeerOptions peer, PeerTarget target)
    {
        if (target.Host.Version is { } version && !peer.IpVersions.Has(version))
        {
            return $"an {version.DisplayName} address, and 'ip-version' leaves {version.DisplayName} out";
        }

        SipTransport? transport = target.Transport ?? peer.Transport;
        IpVersions versions = target.Host.Version?.AsSet ?? peer.IpVersions;
        return options.Listeners.Any(listener => (transport is null || listener.Transport == transport) && versions.Has(listener.Address.Version))
            ? null
            : $"no [[listeners]] to reach it from{(transport is { } named ? $" by {named.UriToken}" : "")}{(versions.Single is { } only ? $" on {only.DisplayName}" : "")}";
    }
}

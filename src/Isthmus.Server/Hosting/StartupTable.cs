// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Hosting;

/// <summary>What a started server says about itself: what it listens on per version and transport, its domains and their judge method.</summary>
internal static class StartupTable
{
    public static string Render(IReadOnlyList<Listener> listeners, Domains domains, ServerOptions options, string store)
    {
        List<(string, string, string)> rows =
        [
            .. from version in new[] { IpVersion.V4, IpVersion.V6 }
               from transport in listeners.Select(listener => listener.Transport).Distinct().Order()
               let addresses = listeners.Where(listener => listener.Version == version && listener.Transport == transport).Select(listener => listener.LocalEndPoint.ToString())
               select (version.DisplayName, transport.Token, string.Join(", ", addresses.DefaultIfEmpty("-"))),
        ];
        foreach (DomainOptions domain in domains.All)
        {
            string names = string.Join(", ", domain.Aliases.Prepend(domain.Name));
            rows.Add(("domain", (domain.Judge ?? options.Judge).ToString().ToLowerInvariant(), options.Domains.Count == 0 ? names + ", and every address of this host" : names));
        }

        foreach (PeerOptions peer in options.Peers)
        {
            string where = peer.Targets.Count > 0 ? string.Join(", ", peer.Targets) : "by DNS";
            rows.Add(("peer", (peer.Judge ?? options.Judge).ToString().ToLowerInvariant(), $"{peer.Domain}: {where}{(peer.IsTrusted ? "; trusted" : "")}"));
        }

        rows.Add(("store", "", store));
        int first = rows.Max(row => row.Item1.Length);
        int second = rows.Max(row => row.Item2.Length);
        var text = new StringBuilder();
        foreach ((string kind, string detail, string value) in rows)
        {
            text.Append(kind.PadRight(first)).Append("  ").Append(detail.PadRight(second)).Append("  ").Append(value).Append('\n');
        }

        return text.ToString();
    }
}

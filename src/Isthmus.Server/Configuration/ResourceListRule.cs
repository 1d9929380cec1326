// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Events;
using Isthmus.Sip;

namespace Isthmus.Server.Configuration;

/// <summary>A resource list has an address of its own in a domain of ours, and so do its members; lists do not hold lists.</summary>
internal sealed class ResourceListRule : IConfigurationRule
{
    public IEnumerable<ConfigurationFinding> Check(ServerOptions options, ConfigurationTable root)
    {
        HashSet<string> lists = [.. options.Lists.Select(list => list.Address?.ToAor()).OfType<string>()];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < options.Lists.Count; i++)
        {
            ResourceListOptions list = options.Lists[i];
            foreach (string problem in Problems(options, list, lists, seen))
            {
                yield return new(WrittenAt.Element(root, "list", i), problem);
            }
        }
    }

    private static IEnumerable<string> Problems(ServerOptions options, ResourceListOptions list, HashSet<string> lists, HashSet<string> seen)
    {
        if (list.Address is { } address)
        {
            if (!IsOurs(options, address))
            {
                yield return $"'{address}' is in none of the [[domains]]";
            }

            if (!seen.Add(address.ToAor()))
            {
                yield return $"'{address}' is the address of two lists";
            }
        }

        if (list.Members.Count > ResourceListDirectory.MostMembers)
        {
            yield return $"there are more than {ResourceListDirectory.MostMembers} members";
        }
        else if (list.Address is { } named && !new ListRoom(named.ToAor(), list.Name, list.Members.Select(member => new ListMember(member.ToString()))).IsEnough)
        {
            yield return "the addresses of the members are too long: one NOTIFY has to name all of them";
        }

        foreach (SipUri member in list.Members)
        {
            if (lists.Contains(member.ToAor()))
            {
                yield return $"member '{member}' is a list";
            }
            else if (!IsOurs(options, member))
            {
                yield return $"member '{member}' is in none of the [[domains]]: what another domain says of its users is not asked for";
            }
        }
    }

    // Without domains the host's own name is one, and what that is, is known when the server runs.
    private static bool IsOurs(ServerOptions options, SipUri uri) =>
        options.Domains.Count == 0 || options.Domains.Any(domain => domain.Aliases.Prepend(domain.Name).Any(name => Written.TryParse(name, out Host host) && host == uri.Host));
}

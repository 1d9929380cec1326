// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>Who may watch whom, as configured, until other rules come in their place. Whoever has no rule is watched by all whom the server believes to be who they say they are.</summary>
internal sealed class WatchRules
{
    private const string Everybody = "*";

    private readonly Domains _domains;
    private Dictionary<string, Rule> _rules = [];

    public WatchRules(IEnumerable<WatchRule> rules, Domains domains)
    {
        _domains = domains;
        Replace(rules);
    }

    /// <summary>From now on these are the rules.</summary>
    public void Replace(IEnumerable<WatchRule> rules)
    {
        var read = new Dictionary<string, Rule>(StringComparer.Ordinal);
        foreach (WatchRule rule in rules)
        {
            read.TryAdd(Name(rule.User, _domains), new Rule(rule, _domains));
        }

        Volatile.Write(ref _rules, read);
    }

    /// <inheritdoc cref="IEventPackage.Decide"/>
    public Access Decide(in WatchQuestion question)
    {
        Dictionary<string, Rule> rules = Volatile.Read(ref _rules);
        return question.IsOwner ? Access.Allow
            : rules.TryGetValue(question.Resource, out Rule? rule) || rules.TryGetValue(Everybody, out rule) ? rule.Of(question.Watcher)
            : question.Watcher is null ? Access.Deny
            : Access.Allow;
    }

    // Canonical: the address-of-record, "@domain" for all of a domain, or the asterisk.
    private static string Name(string written, Domains domains)
    {
        bool isOfDomain = written.StartsWith("*@", StringComparison.Ordinal);
        if (written == Everybody || !SipUri.TryParse("sip:" + (isOfDomain ? "x" + written[1..] : written), out SipUri? uri))
        {
            return Everybody;
        }

        string aor = domains.AorOf(uri) ?? uri.ToAor();
        return isOfDomain ? DomainOf(aor) : aor;
    }

    private static string DomainOf(string aor) => aor[aor.LastIndexOf('@')..];

    private sealed class Rule
    {
        private readonly Dictionary<string, Access> _named = new(StringComparer.Ordinal);
        private readonly Access _others;

        public Rule(WatchRule rule, Domains domains)
        {
            _others = rule.Others;
            (IReadOnlyList<string>, Access)[] strictestFirst = [(rule.Deny, Access.Deny), (rule.Confirm, Access.Confirm), (rule.PoliteBlock, Access.PoliteBlock), (rule.Allow, Access.Allow)];
            foreach ((IReadOnlyList<string> watchers, Access access) in strictestFirst)
            {
                foreach (string watcher in watchers)
                {
                    _named.TryAdd(Name(watcher, domains), access);
                }
            }
        }

        public Access Of(string? watcher) =>
            watcher is not null && (_named.TryGetValue(watcher, out Access access) || _named.TryGetValue(DomainOf(watcher), out access)) ? access
            : _named.TryGetValue(Everybody, out access) ? access
            : watcher is null ? Access.Deny
            : _others;
    }
}

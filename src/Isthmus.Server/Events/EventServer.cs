// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Admission;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Messaging;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Server.Storing;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>The event packages of a server in one piece (RFC 6665, RFC 3903): what it is told, whom it tells, and the step that takes their requests.</summary>
internal sealed class EventServer
{
    private readonly SipStack _stack;
    private readonly WatchRules _rules;
    private EarlierRun? _earlier;

    private EventServer(SipStack stack, WatchRules rules, EventHub hub, Notifier notifier, PublicationTable publications, EventStep step) =>
        (_stack, _rules, Hub, Notifier, Publications, Step) = (stack, rules, hub, notifier, publications, step);

    /// <summary>The resources.</summary>
    public EventHub Hub { get; }

    /// <summary>The subscriptions.</summary>
    public Notifier Notifier { get; }

    /// <summary>What is published.</summary>
    public PublicationTable Publications { get; }

    /// <summary>The step.</summary>
    public EventStep Step { get; }

    /// <summary>Takes over what an earlier run left in the store, and keeps what is new there. Before the writer and the stack start.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public void KeepIn(StoreWriter writer)
    {
        _earlier = EarlierRun.Restore(writer.Store, this);
        Notifier.Journal = Publications.Journal = new EventJournal(writer, _stack.Timers);
    }

    /// <summary>Watchers of the earlier run are told what there is now. When the stack has started.</summary>
    public void Begin() => _earlier?.Begin(_stack);

    /// <summary>Other rules say from now on who may watch whom, and whoever watches is told what that means for him.</summary>
    public void Change(IEnumerable<WatchRule> rules)
    {
        _rules.Replace(rules);
        Notifier.RulesChanged();
    }

    /// <summary>The event packages of a server.</summary>
    public static EventServer Of(
        SipStack stack, ServerOptions options, Domains domains, ILocationService location, ServerDirectory directory, ProxyTargets targets, WaitingRequests waiting, BelievedSender senders, IWaitingMessages? kept)
    {
        var rules = new WatchRules(options.WatchRules, domains);
        var hub = new EventHub(EventPackages.Of(options, rules, kept), location, stack) { Lists = new ResourceListDirectory(options, domains) };
        kept?.Observe(aor => stack.Timers.Schedule(TimeSpan.Zero, static news => ((KeptNews)news!).Tell(), new KeptNews(hub, aor)));
        var notifier = new Notifier(stack, options.Presence.NotifyInterval, new SubscriptionPlaces(options.Limits.Subscriptions, options.Limits.SubscriptionsPerUser));
        var publications = new PublicationTable(stack, options.Limits.Publications, options.Limits.PublicationsPerUser);
        var intervals = new GrantedInterval(options.Presence);
        var subscribe = new SubscribeHandler(hub, notifier, senders, intervals, new WatcherWay(stack, domains, location, directory, targets, waiting, options.Presence.BelievesEverybody), stack);
        return new(stack, rules, hub, notifier, publications, new EventStep(domains, hub, notifier, subscribe, new PublishHandler(hub, publications, senders, intervals)));
    }

    // Whoever keeps messages has no time to tell watchers.
    private sealed record KeptNews(EventHub Hub, string Aor)
    {
        public void Tell() => Hub.Changed(MessageSummaryPackage.PackageName, Aor);
    }
}

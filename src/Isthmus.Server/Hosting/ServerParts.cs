// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Admission;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Events;
using Isthmus.Server.Hosting;
using Isthmus.Server.Judging;
using Isthmus.Server.Location;
using Isthmus.Server.Messaging;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server;

/// <summary>A server put together: the proxy with its steps, and what those share with whoever looks after the server.</summary>
internal sealed class ServerParts(ProxyCore core, ProxyEnvironment environment, RequestPipeline pipeline)
{
    /// <summary>What the stack gives its messages to.</summary>
    public ProxyCore Core => core;

    /// <summary>The calls that go through the server.</summary>
    public required CallTable Calls { get; init; }

    /// <summary>What the judge is told of devices.</summary>
    public required CalleeFacts Callees { get; init; }

    /// <summary>Where the servers of other domains are.</summary>
    public required ServerDirectory Directory { get; init; }

    /// <summary>The events that the server itself tells of.</summary>
    public required EventServer Events { get; init; }

    /// <summary>The requests that wait until such servers are found.</summary>
    public required WaitingRequests Waiting { get; init; }

    /// <summary>The messages for users who are not there; null: none are kept.</summary>
    public Mailroom? Mailroom { get; init; }

    /// <summary>What has been done.</summary>
    public ProxyCounters Counters => environment.Counters;

    /// <summary>How the servers of other domains have been.</summary>
    public TargetHealth Health => environment.Health;

    /// <summary>The marks of our Record-Routes.</summary>
    public RouteMarks Marks => environment.Marks;

    /// <summary>The steps that a request walks through.</summary>
    public RequestPipeline Pipeline => pipeline;

    /// <summary>Puts a server together, with the steps of a request in their order: adding a step is a line here.</summary>
    /// <param name="stack">Where messages come from and go to; it is not started yet.</param>
    /// <param name="options">What the user configured.</param>
    /// <param name="domains">Which names and addresses are ours.</param>
    /// <param name="location">Where the users are.</param>
    /// <param name="registrar">The step that takes REGISTER.</param>
    /// <param name="verdicts">Who is told what the judge says.</param>
    /// <param name="marks">The marks of our Record-Routes; with the key of an earlier run its dialogs go on.</param>
    /// <param name="dns">Who is asked for the servers of other domains.</param>
    /// <param name="servers">Is told when such a server turns bad, and when it is good again; null: nobody.</param>
    /// <param name="mailroom">Keeps messages for users who are not there; null: nobody.</param>
    public static ServerParts Of(
        SipStack stack, ServerOptions options, Domains domains, ILocationService location, IRequestStep registrar, IVerdictObserver verdicts, RouteMarks marks, IDnsClient dns, ITargetObserver? servers = null, Mailroom? mailroom = null)
    {
        var calls = new CallTable(stack.Time, options.Limits.Calls);
        var learning = new DeviceLearning(location, stack.Time);
        var redirects = new RedirectMemory(stack.Time);
        var health = new TargetHealth(new TargetHealthOptions(), stack.Time, servers);
        var targets = new ProxyTargets(stack, health);
        var directory = ServerDirectory.Of(new StackReach(stack), options, dns, stack.Time);
        var waiting = new WaitingRequests(stack, options.Limits.Searches);
        var trusted = new TrustedPeers(directory, stack.Time);
        var senders = new BelievedSender(domains, location, trusted, waiting, options.Presence.BelievesEverybody);
        MailDesk? desk = mailroom is null ? null : new MailDesk(mailroom, domains, senders, options.Messages);
        var events = EventServer.Of(stack, options, domains, location, directory, targets, waiting, senders, mailroom);
        var capabilities = new ServerCapabilities { AllowEvents = events.Hub.Packages.AllowEvents };
        var callers = new CallerIdentity(domains, location, redirects);
        var callees = new CalleeFacts(targets, learning);
        var judge = new CallJudge(callers, redirects, verdicts);
        var away = new AwayServers(domains, directory, location, judge, waiting);
        var environment = new ProxyEnvironment
        {
            Stack = stack,
            Options = options,
            Targets = targets,
            Health = health,
            Prober = new TargetProber(stack, health),
            Observer = new ForwardingObservers(calls, learning),
            Marks = marks,
            Messages = stack.Messages,
            Review = new AnswerReview(domains, callers, verdicts),
            Away = away,
            Keeper = desk,
        };
        var pipeline = new RequestPipeline(
        [
            new SanityStep(stack),
            new AdmissionStep(calls),
            new MaxForwardsStep(capabilities),
            new LoopDetectionStep(),
            new MaxBreadthStep(options.Proxy.MaxBreadth),
            new ProxyRequireStep(capabilities),
            new RouteStep(domains, environment.Marks),
            new OptionsStep(domains, capabilities),
            registrar,
            events.Step,
            new LocationStep(domains, location, desk),
            .. desk is null ? (ReadOnlySpan<IRequestStep>)[] : [new MessageStep(desk)],
            new RelayStep(domains, location, trusted, away),
            new LocatingStep(stack, domains, location, directory, targets, away),
            new JudgingStep(domains, targets, callees, judge),
            new BindingStep(targets, desk),
            new AwayStep(),
            new ForwardStep(environment),
        ]);
        return new ServerParts(new ProxyCore(environment, pipeline, domains), environment, pipeline) { Calls = calls, Callees = callees, Directory = directory, Events = events, Waiting = waiting, Mailroom = mailroom };
    }
}

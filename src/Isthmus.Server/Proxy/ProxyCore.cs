// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Admission;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Events;
using Isthmus.Server.Hosting;
using Isthmus.Server.Judging;
using Isthmus.Server.Location;
using Isthmus.Server.Messaging;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>The server's transaction user: what the stack receives goes through the pipeline, to its response context, or nowhere.</summary>
internal sealed class ProxyCore(ProxyEnvironment environment, RequestPipeline pipeline, Domains domains) : ITransactionUser
{
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

    /// <summary>The proxy of a server, with its steps in their order: adding a step is a line here.</summary>
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
    public static ProxyCore Create(
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
        return new ProxyCore(environment, pipeline, domains) { Calls = calls, Callees = callees, Directory = directory, Events = events, Waiting = waiting, Mailroom = mailroom };
    }

    /// <inheritdoc />
    public void OnListening(IReadOnlyList<Listener> listeners) => domains.ListeningOn(listeners);

    /// <inheritdoc />
    public void OnRequest(ServerTransaction transaction)
    {
        environment.Counters.CountRequest();
        Run(transaction.Request, transaction);
    }

    /// <inheritdoc />
    public void OnAck(ReceivedRequest ack) => Run(ack, transaction: null);

    /// <inheritdoc />
    public void OnCancel(ServerTransaction invite, ReceivedRequest cancel)
    {
        if (invite.Tag is ICancellable taken)
        {
            taken.Cancel();
        }
        else if (!invite.HasFinal)
        {
            invite.Respond(invite.Request.Message.Answer(487, null, Identifiers.NewTag()).Build());
        }
    }

    /// <inheritdoc />
    /// <remarks>
    /// An OPTIONS needs no memory (docs/decisions/0037): it is answered, or passed on to one place, at once. Nor does a REGISTER that renews a
    /// binding (docs/decisions/0046). Else it comes again as a transaction.
    /// </remarks>
    public bool TakesWithoutState(ReceivedRequest request)
    {
        SipMethod method = request.Message.Method;
        if ((method != SipMethod.Options && method != SipMethod.Register) || !Run(request, transaction: null, isStateless: true))
        {
            return false;
        }

        environment.Counters.CountRequest();
        return true;
    }

    /// <inheritdoc />
    /// <remarks>
    /// RFC 6026 §8.2 and §8.9 took back what RFC 3261 §16.7 said of responses without a transaction: they are dropped, unless they answer what
    /// was forwarded without one.
    /// </remarks>
    public void OnResponse(ReceivedResponse stray)
    {
        if (!StatelessForwarding.TryReturn(environment, stray.Message))
        {
            environment.Counters.CountStrayResponse();
        }
    }

    /// <inheritdoc />
    public void OnSuccessAgain(ReceivedResponse success, Flow returnFlow)
    {
        if (success.Message.TryGetViaBelow(out ViaView below))
        {
            ReturningResponse.SendBack(environment, success.Message, below, returnFlow);
        }
    }

    /// <inheritdoc />
    public void OnMalformed(Flow flow, SipMessage? message, SipFault fault) => environment.Counters.CountMalformed();

    // False: nobody dealt with the request.
    private bool Run(ReceivedRequest request, ServerTransaction? transaction, bool isStateless = false)
    {
        RequestContext context = environment.Contexts.Take() ?? new RequestContext(environment, pipeline);
        context.Begin(request, transaction, isStateless);
        StepResult result = pipeline.Run(context);
        if (result != StepResult.Taken)
        {
            context.Release();
        }

        return result is StepResult.Answered or StepResult.Taken;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Isthmus.DualStack;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// One received request on its way through the pipeline, and what the steps have found out about it. Confined to the owner of its
/// conversation: no member is for two threads at once. It serves one request after the other: <see cref="Begin"/>, then <see cref="Release"/>.
/// </summary>
internal sealed class RequestContext(ProxyEnvironment environment, RequestPipeline pipeline)
{
    private bool _isHeld;
    private int? _routes;
    private ulong? _loopMark;
    private ulong? _routeMark;
    private Offer? _answer;

    /// <summary>Where the answer goes; null for an ACK, which has none, and for what is dealt with without state.</summary>
    public ServerTransaction? Transaction { get; private set; }

    /// <summary>The request as it was received.</summary>
    public SipRequest Received { get; private set; } = null!;

    /// <summary>The request as it is to be read: as received, but for what route preprocessing put back in its place (RFC 3261 §16.4).</summary>
    public SipRequest Request { get; private set; } = null!;

    /// <summary>The flow that the request came by.</summary>
    public Flow Flow { get; private set; } = null!;

    /// <summary>The IP version that the request came by.</summary>
    public IpVersion Arrival => Flow.Version;

    /// <summary>No transaction was made: the request is answered or forwarded at once, and forgotten.</summary>
    public bool IsStateless { get; private set; }

    /// <summary>How many Routes there are; -1 when one of them cannot be read.</summary>
    public int Routes => _routes ??= CountRoutes();

    /// <summary>How many of them were taken from the front: our own.</summary>
    public int PoppedRoutes { get; set; }

    /// <summary>Whether the request has Routes of others to follow.</summary>
    public bool HasRoutesLeft => Routes > PoppedRoutes;

    /// <summary>A Record-Route of ours, made for this very Call-ID, brought the request here.</summary>
    public bool HasRouteToken { get; set; }

    /// <summary>The version to leave on when a device offers the choice: that of the dialog's other side if the Route tells, else the arrival's.</summary>
    public IpVersion PreferredVersion { get; set; }

    /// <summary>The request is part of a dialog: its To has a tag.</summary>
    public bool IsInDialog { get; private set; }

    /// <summary>An ACK for a 2xx: it is forwarded or dropped, never answered.</summary>
    public bool IsAck => Request.Method == SipMethod.Ack;

    /// <summary>The breadth that the request may fork into (RFC 5393 §5.3), 1 to the configured maximum.</summary>
    public int MaxBreadth { get; set; }

    /// <summary>The second part of our branches: the same for a request that came back unchanged (RFC 5393 §4.2.1).</summary>
    public ulong LoopMark => _loopMark ??= environment.Marks.LoopMarkOf(Received);

    /// <summary>The mark of our Record-Routes for this Call-ID.</summary>
    public ulong RouteMark => _routeMark ??= environment.Marks.TokenFor(Received.CallIdBytes);

    /// <summary>The devices of the address-of-record that the request is for; empty while unknown or when it is not for one of ours.</summary>
    public ImmutableArray<Device> Devices { get; set; } = [];

    /// <summary>The Request-URI names one device of the user (a GRUU, RFC 5627).</summary>
    public bool IsForOneDevice { get; set; }

    /// <summary>What an INVITE that was judged offers; null for everything else.</summary>
    public Offer? Offer { get; set; }

    /// <summary>What the judge said of it; null when it was not judged.</summary>
    public Verdict? Verdict { get; set; }

    /// <summary>What the caller hears when the request can be forwarded to nobody: the judge's word on whom it was asked about. Null: nobody was judged to be no target.</summary>
    public SipResponse? Otherwise { get; private set; }

    /// <summary>What the judge is told of the devices.</summary>
    public List<DeviceFacts> Facts { get; } = [];

    /// <summary>The target set (RFC 3261 §16.5).</summary>
    public List<ProxyTarget> Targets { get; } = [];

    /// <summary>The targets in the order in which they are tried.</summary>
    public TargetQueue Queue { get; } = new();

    /// <summary>The call that the request opens, as the call table lists it.</summary>
    public ListedCall Call { get; set; }

    /// <summary>What messages are edited with, one after the other.</summary>
    public MessageEdit Edit { get; } = new();

    /// <summary>The next step of the pipeline, as an index.</summary>
    internal int NextStep { get; set; }

    private ResponseBuilder Builder { get; } = new();

    /// <summary>Takes a request. The context must be fresh, or released.</summary>
    public void Begin(ReceivedRequest received, ServerTransaction? transaction, bool isStateless = false)
    {
        (Received, Request, Flow, Transaction, IsStateless) = (received.Message, received.Message, received.Flow, transaction, isStateless);
        PreferredVersion = Flow.Version;
        IsInDialog = Request.HasToTag;
        (MaxBreadth, IsForOneDevice) = (1, false);
    }

    /// <summary>The Request-URI, when it is a SIP or SIPS one.</summary>
    public bool TryGetUri(out SipUriView uri) => Request.TryGetRequestUriView(out uri);

    /// <summary>The first Route that is left, when it is a SIP or SIPS one.</summary>
    public bool TryGetNextRoute(out SipUriView uri)
    {
        uri = default;
        if (!HasRoutesLeft)
        {
            return false;
        }

        int at = 0;
        foreach (ReadOnlySpan<byte> value in Request.ValuesOf(HeaderName.Route))
        {
            if (at++ == PoppedRoutes)
            {
                return AddressView.TryRead(value, out AddressView route) && route.TryGetSipUri(out uri);
            }
        }

        return false;
    }

    /// <summary>Whether a Route is one of ours that was made for this very Call-ID, as it was written.</summary>
    public bool TryKnowRoute(ReadOnlySpan<byte> route, out OwnRoute own) =>
        environment.RecordRoutes.TryKnow(route, out own) && own.Mark == RouteMark;

    /// <summary>Reads another request from now on: the received one with its route set put in order. It is the context's.</summary>
    public void Rewrite(SipRequest request)
    {
        SipRequest before = Request;
        (Request, _routes) = (request, null);
        if (before != Received)
        {
            before.Dispose();
        }
    }

    /// <summary>What a response to an INVITE answers to its offer; read once for each response.</summary>
    public Offer AnswerIn(SipResponse response) => _answer ??= Offer.Glance(response);

    /// <summary>The next response comes.</summary>
    public void ForgetAnswer() => _answer = null;

    /// <summary>Begins an answer of this server's own, with a To tag.</summary>
    /// <param name="status">The status code, 200 to 699.</param>
    /// <param name="reason">The reason phrase; null for that of the RFC.</param>
    public ResponseBuilder Respond(int status, string? reason = null)
    {
        Span<byte> tag = stackalloc byte[Hex64.Length];
        Hex64.Write(environment.Marks.TagFor(Received), tag);
        return Builder.Begin(Received, status, reason, tag);
    }

    /// <summary>Begins an answer that makes a dialog: with a To tag of the one who has the dialog.</summary>
    public ResponseBuilder Respond(int status, ReadOnlySpan<byte> tag) => Builder.Begin(Received, status, null, tag);

    /// <summary>Begins a 100, which has no To tag.</summary>
    public ResponseBuilder RespondTrying() => Builder.Begin(Received, 100);

    /// <summary>Gives the final response; an ACK is dropped instead.</summary>
    /// <param name="status">The status code, 300 to 699, or 200 where the server itself is asked.</param>
    /// <param name="reason">The reason phrase; null for that of the RFC.</param>
    public StepResult Answer(int status, string? reason = null) => Answer(Respond(status, reason));

    /// <summary>Gives the final response that was begun with <see cref="Respond(int, string?)"/>; for an ACK there is none to give.</summary>
    public StepResult Answer(ResponseBuilder response)
    {
        if (IsAck)
        {
            environment.Counters.CountDropped();
            return StepResult.Answered;
        }

        SipResponse built = response.Build(environment.Messages);
        if (Transaction is not null)
        {
            Transaction.Respond(built);
        }
        else
        {
            environment.Stack.Answer(new(Received, Flow), built);
            built.Dispose();
        }

        environment.Counters.CountAnswered();
        return StepResult.Answered;
    }

    /// <summary>Answers 503 and asks the sender to come back later (RFC 3261 §21.5.4).</summary>
    public StepResult AnswerBusy(string reason, TimeSpan retryAfter) => AnswerLater(503, reason, retryAfter);

    /// <summary>Gives a final response that says when to try again (RFC 3261 §20.33).</summary>
    public StepResult AnswerLater(int status, string reason, TimeSpan retryAfter) =>
        Answer(Respond(status, reason).Header(HeaderName.RetryAfter, ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Keeps an answer for when the request can be forwarded to nobody. What would help the caller (380) goes before what does not.</summary>
    public void SayOtherwise(ResponseBuilder response)
    {
        SipResponse built = response.Build(environment.Messages);
        (SipResponse kept, SipResponse? other) = Otherwise is { } known && known.StatusCode <= built.StatusCode ? (known, built) : (built, Otherwise);
        other?.Dispose();
        Otherwise = kept;
    }

    /// <summary>Hands that answer out.</summary>
    public SipResponse? TakeOtherwise()
    {
        SipResponse? answer = Otherwise;
        Otherwise = null;
        return answer;
    }

    /// <summary>Goes on with the step after the one that took the request. Only on the conversation's owner.</summary>
    public StepResult Resume() => pipeline.Run(this);

    /// <summary>Keeps the request after the event that brought it, until <see cref="Release"/>.</summary>
    public void Hold()
    {
        if (!_isHeld)
        {
            _isHeld = true;
            Received.Share();
        }
    }

    /// <summary>The request is dealt with: the context is free for the next one.</summary>
    public void Release()
    {
        if (Request != Received)
        {
            Request.Dispose();
        }

        if (_isHeld)
        {
            Received.Dispose();
        }

        TakeOtherwise()?.Dispose();
        (Received, Request, Flow, Transaction) = (null!, null!, null!, null);
        (_isHeld, _routes, _loopMark, _routeMark, _answer, PoppedRoutes, HasRouteToken, NextStep) = (false, null, null, null, null, 0, false, 0);
        (Devices, Offer, Verdict, Call) = ([], null, null, default);
        Facts.Clear();
        Targets.Clear();
        Queue.Forget();
        environment.Contexts.Return(this);
    }

    private int CountRoutes()
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> value in Request.ValuesOf(HeaderName.Route))
        {
            if (!environment.RecordRoutes.TryKnow(value, out _) && !AddressView.TryRead(value, out _))
            {
                return -1;
            }

            count++;
        }

        return count;
    }
}

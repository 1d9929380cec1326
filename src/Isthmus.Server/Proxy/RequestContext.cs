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
/// conversation: no member is for two threads at once.
/// </summary>
internal sealed class RequestContext
{
    private readonly ProxyEnvironment _environment;
    private readonly RequestPipeline _pipeline;
    private readonly ReceivedRequest _received;

    public RequestContext(ProxyEnvironment environment, RequestPipeline pipeline, ReceivedRequest received, ServerTransaction? transaction)
    {
        (_environment, _pipeline, _received, Transaction) = (environment, pipeline, received, transaction);
        Uri = received.Message.RequestUri;
        Routes = received.Message.Routes;
        PreferredVersion = Arrival;
    }

    /// <summary>Where the answer goes; null for an ACK, which has none.</summary>
    public ServerTransaction? Transaction { get; }

    /// <summary>The request as it was received.</summary>
    public SipRequest Request => _received.Message;

    /// <summary>The flow that the request came by.</summary>
    public Flow Flow => _received.Flow;

    /// <summary>The IP version that the request came by.</summary>
    public IpVersion Arrival => Flow.Version;

    /// <summary>The Request-URI after route preprocessing (RFC 3261 §16.4): look at this one.</summary>
    public AnyUri Uri { get; set; }

    /// <summary><see cref="Uri"/>, when it is a SIP or SIPS URI.</summary>
    public SipUri? SipUri => Uri as SipUri;

    /// <summary>The Routes that remain after route preprocessing: our own ones are gone.</summary>
    public IReadOnlyList<NameAddr> Routes { get; set; }

    /// <summary>How many Routes were taken from the front.</summary>
    public int PoppedRoutes { get; set; }

    /// <summary>A strict router put our URI into the Request-URI; <see cref="Uri"/> came from the last Route (RFC 3261 §16.4).</summary>
    public bool WasStrictlyRouted { get; set; }

    /// <summary>A Record-Route of ours, made for this very Call-ID, brought the request here.</summary>
    public bool HasRouteToken { get; set; }

    /// <summary>The version to leave on when a device offers the choice: that of the dialog's other side if the Route tells, else the arrival's.</summary>
    public IpVersion PreferredVersion { get; set; }

    /// <summary>The request is part of a dialog: its To has a tag.</summary>
    public bool IsInDialog => Request.To.Tag is not null;

    /// <summary>An ACK for a 2xx: it is forwarded or dropped, never answered.</summary>
    public bool IsAck => Request.Method == SipMethod.Ack;

    /// <summary>The breadth that the request may fork into (RFC 5393 §5.3), 1 to the configured maximum.</summary>
    public int MaxBreadth { get; set; } = 1;

    /// <summary>The second part of our branches: the same for a request that came back unchanged (RFC 5393 §4.2.1).</summary>
    public string? LoopMark { get; set; }

    /// <summary>The AOR of ours that the request is for; null while unknown or when it is not for one.</summary>
    public string? Aor { get; set; }

    /// <summary>The devices found for <see cref="Aor"/>.</summary>
    public ImmutableArray<Device> Devices { get; set; } = [];

    /// <summary>What an INVITE that was judged offers; null for everything else.</summary>
    public Offer? Offer { get; set; }

    /// <summary>What the judge said of it; null when it was not judged.</summary>
    public Verdict? Verdict { get; set; }

    /// <summary>What the judge is told of the devices.</summary>
    public List<DeviceFacts> Facts { get; } = [];

    /// <summary>The target set (RFC 3261 §16.5).</summary>
    public List<ProxyTarget> Targets { get; } = [];

    /// <summary>The next step of the pipeline, as an index.</summary>
    internal int NextStep { get; set; }

    /// <summary>Gives the final response; an ACK is dropped instead.</summary>
    /// <param name="status">The status code, 300 to 699, or 200 where the server itself is asked.</param>
    /// <param name="reason">The reason phrase; null for that of the RFC.</param>
    /// <param name="with">Adds header fields and a body.</param>
    public StepResult Answer(int status, string? reason = null, Action<ResponseBuilder>? with = null)
    {
        ResponseBuilder response = Request.Answer(status, reason, Identifiers.NewTag());
        with?.Invoke(response);
        return Answer(response.Build());
    }

    /// <summary>Gives a final response that is ready; for an ACK there is none to give.</summary>
    public StepResult Answer(SipResponse response)
    {
        if (Transaction is null)
        {
            _environment.Counters.CountDropped();
            return StepResult.Answered;
        }

        Transaction.Respond(response);
        _environment.Counters.CountAnswered();
        return StepResult.Answered;
    }

    /// <summary>Answers 503 and asks the sender to come back later (RFC 3261 §21.5.4).</summary>
    public StepResult AnswerBusy(string reason, TimeSpan retryAfter) =>
        Answer(503, reason, r => r.Header(HeaderName.RetryAfter, ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Goes on with the step after the one that took the request. Only on the conversation's owner.</summary>
    public void Resume() => _pipeline.Run(this);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// One end of a dialog (RFC 3261 §12): identifiers, sequence numbers, route set and remote target. It sends nothing; it belongs to
/// the owner of its conversation and is not safe for more than one thread at a time.
/// </summary>
public sealed class Dialog
{
    private Dialog(DialogId id, bool isCaller, NameAddr local, NameAddr remote, SipUri remoteTarget, IReadOnlyList<NameAddr> routeSet, DialogState state, bool isSecure)
    {
        Id = id;
        IsCaller = isCaller;
        Local = local;
        Remote = remote;
        RemoteTarget = remoteTarget;
        RouteSet = routeSet;
        State = state;
        IsSecure = isSecure;
    }

    /// <summary>Call-ID and tags, as seen from this end.</summary>
    public DialogId Id { get; }

    /// <summary>Whether this end sent the request that made the dialog.</summary>
    public bool IsCaller { get; }

    /// <summary>Early, confirmed or over.</summary>
    public DialogState State { get; private set; }

    /// <summary>What this end writes into From, tag included.</summary>
    public NameAddr Local { get; }

    /// <summary>What this end writes into To, tag included.</summary>
    public NameAddr Remote { get; }

    /// <summary>The Contact of the other end.</summary>
    public SipUri RemoteTarget { get; private set; }

    /// <summary>The proxies that stay in the path, the next one first.</summary>
    public IReadOnlyList<NameAddr> RouteSet { get; private set; }

    /// <summary>The CSeq of the most recent request of this end; 0 when there was none.</summary>
    public uint LocalCSeq { get; private set; }

    /// <summary>The CSeq of the most recent request of the other end; null when there was none.</summary>
    public uint? RemoteCSeq { get; private set; }

    /// <summary>Whether the dialog was made by a request to a <c>sips:</c> URI over a secure transport.</summary>
    public bool IsSecure { get; }

    /// <summary>Where a request of <see cref="NewRequest"/> goes: the first of the route set, else the remote target.</summary>
    public SipUri NextHop => RouteSet.Count > 0 && RouteSet[0].SipUri is { } first ? first : RemoteTarget;

    /// <summary>The caller's end of a dialog (RFC 3261 §12.1.2).</summary>
    /// <param name="request">The request as it was sent.</param>
    /// <param name="response">A provisional response other than 100, or a 2xx. Each with a new To tag makes a dialog of its own (forking).</param>
    /// <returns>Null: the response makes no dialog, having no To tag or, as a 2xx, no Contact that is a SIP URI.</returns>
    public static Dialog? FromResponse(SipRequest request, SipResponse response)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        var tag = response.To.Tag;
        if (response.StatusCode is <= 100 or >= 300 || (tag is null && !response.IsSuccess))
        {
            return null;
        }

        // An early dialog without Contact is common, and good enough until the 2xx brings one.
        var target = ContactOf(response) ?? (response.IsProvisional ? request.RequestSipUri : null);
        return target is null
            ? null
            : new Dialog(
                new(request.CallId, request.From.Tag ?? "", tag ?? ""),
                isCaller: true,
                request.From,
                response.To,
                target,
                Reversed(response.RecordRoutes),
                response.IsSuccess ? DialogState.Confirmed : DialogState.Early,
                request.RequestSipUri is { IsSecure: true })
            {
                LocalCSeq = request.CSeq.Number,
            };
    }

    /// <summary>The called end of an early dialog (RFC 3261 §12.1.1); <see cref="Confirm()"/> it with the 2xx.</summary>
    /// <param name="request">The request that came in, without To tag.</param>
    /// <param name="localTag">The To tag of the responses.</param>
    /// <returns>Null: the request has no Contact that is a SIP URI, answer 400.</returns>
    public static Dialog? FromRequest(SipRequest request, string localTag)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(localTag);
        return ContactOf(request) is not { } target
            ? null
            : new Dialog(
                new(request.CallId, localTag, request.From.Tag ?? ""),
                isCaller: false,
                request.To.With("tag", localTag),
                request.From,
                target,
                request.RecordRoutes,
                DialogState.Early,
                request.RequestSipUri is { IsSecure: true })
            {
                RemoteCSeq = request.CSeq.Number,
            };
    }

    /// <summary>The subscriber's end of the dialog that the first NOTIFY of a subscription makes (RFC 6665 §4.4.1): its route set is that of the NOTIFY.</summary>
    /// <param name="notify">The NOTIFY; it is to be given to <see cref="Receive"/> too.</param>
    /// <param name="subscribeCSeq">The CSeq number of the SUBSCRIBE.</param>
    /// <returns>Null: the NOTIFY has no Contact that is a SIP URI, or no tag on either side; answer 400.</returns>
    public static Dialog? FromNotify(SipRequest notify, uint subscribeCSeq)
    {
        ArgumentNullException.ThrowIfNull(notify);
        return ContactOf(notify) is not { } target || notify.To.Tag is not { } localTag || notify.From.Tag is not { } remoteTag
            ? null
            : new Dialog(
                new(notify.CallId, localTag, remoteTag),
                isCaller: true,
                notify.To,
                notify.From,
                target,
                notify.RecordRoutes,
                DialogState.Confirmed,
                isSecure: false)
            {
                LocalCSeq = subscribeCSeq,
            };
    }

    /// <summary>
    /// Begins the next request of this end (RFC 3261 §12.2.1.1): Request-URI and Route for loose and strict routers, From, To, Call-ID,
    /// the next CSeq, Max-Forwards. To be completed with Contact and body. For ACK see <see cref="NewAck"/>.
    /// </summary>
    public RequestBuilder NewRequest(SipMethod method) => Begin(method, ++LocalCSeq);

    /// <summary>Begins the ACK for a 2xx (RFC 3261 §13.2.2.4).</summary>
    /// <param name="inviteCSeq">The CSeq number of the INVITE.</param>
    public RequestBuilder NewAck(uint inviteCSeq) => Begin(SipMethod.Ack, inviteCSeq);

    /// <summary>The called end has sent its 2xx.</summary>
    public void Confirm()
    {
        if (State == DialogState.Early)
        {
            State = DialogState.Confirmed;
        }
    }

    /// <summary>The 2xx has come to the caller: remote target and route set are those of the 2xx now (RFC 3261 §13.2.2.4).</summary>
    public void Confirm(SipResponse success)
    {
        ArgumentNullException.ThrowIfNull(success);
        if (State == DialogState.Early)
        {
            State = DialogState.Confirmed;
            RouteSet = Reversed(success.RecordRoutes);
            RemoteTarget = ContactOf(success) ?? RemoteTarget;
        }
    }

    /// <summary>
    /// Takes note of a request of the other end (RFC 3261 §12.2.2): order by CSeq, and the new remote target if it is a target refresh
    /// request. ACK and CANCEL carry the CSeq of their INVITE and are always in order.
    /// </summary>
    public DialogCheck Receive(SipRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (State == DialogState.Terminated)
        {
            return DialogCheck.Terminated;
        }

        if (request.Method == SipMethod.Ack || request.Method == SipMethod.Cancel)
        {
            return DialogCheck.InOrder;
        }

        var number = request.CSeq.Number;
        if (number < RemoteCSeq)
        {
            return DialogCheck.OutOfOrder;
        }

        RemoteCSeq = number;
        if (IsTargetRefresh(request.Method))
        {
            RefreshTarget(request);
        }

        return DialogCheck.InOrder;
    }

    /// <summary>Takes the Contact of a 2xx to a target refresh request of this end, if it has one. The route set never changes (§12.2).</summary>
    public void RefreshTarget(SipMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        RemoteTarget = ContactOf(message) ?? RemoteTarget;
    }

    /// <summary>The dialog is over: BYE, a final response other than 2xx while early, 408 or 481 to a request in it.</summary>
    public void Terminate() => State = DialogState.Terminated;

    // RFC 3261 §12.2 (INVITE), RFC 3311 §5.1 (UPDATE), RFC 6665 §4.1 (SUBSCRIBE, NOTIFY), RFC 3515 §2 (REFER).
    private static bool IsTargetRefresh(SipMethod method) =>
        method == SipMethod.Invite || method == SipMethod.Update || method == SipMethod.Subscribe || method == SipMethod.Notify || method == SipMethod.Refer;

    private static SipUri? ContactOf(SipMessage message) => message.Contacts is [var contact, ..] ? contact.SipUri : null;

    private static NameAddr[] Reversed(IReadOnlyList<NameAddr> recordRoutes)
    {
        var routes = new NameAddr[recordRoutes.Count];
        for (var i = 0; i < routes.Length; i++)
        {
            routes[i] = recordRoutes[^(i + 1)];
        }

        return routes;
    }

    private RequestBuilder Begin(SipMethod method, uint number)
    {
        // A first router without lr wants itself in the Request-URI and the remote target as the last Route (RFC 3261 §12.2.1.1).
        var strict = RouteSet.Count > 0 && RouteSet[0].SipUri is { IsLoose: false } ? RouteSet[0].SipUri : null;
        var builder = new RequestBuilder(method, (strict ?? RemoteTarget).WithoutParameter("method"))
            .MaxForwards()
            .From(Local)
            .To(Remote)
            .CallId(Id.CallId)
            .CSeq(number);
        for (var i = strict is null ? 0 : 1; i < RouteSet.Count; i++)
        {
            builder.Route(RouteSet[i]);
        }

        return strict is null ? builder : builder.Route(new NameAddr(RemoteTarget));
    }
}

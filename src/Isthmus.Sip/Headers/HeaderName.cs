// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>The header fields that have a name here; their wire names and compact forms are in <see cref="HeaderNames"/>.</summary>
public enum HeaderName : ushort
{
    /// <summary>A header field that is known by its text only.</summary>
    Other,

    /// <summary>Accept</summary>
    Accept,

    /// <summary>Accept-Contact, compact form a</summary>
    AcceptContact,

    /// <summary>Accept-Encoding</summary>
    AcceptEncoding,

    /// <summary>Accept-Language</summary>
    AcceptLanguage,

    /// <summary>Alert-Info</summary>
    AlertInfo,

    /// <summary>Allow</summary>
    Allow,

    /// <summary>Allow-Events, compact form u</summary>
    AllowEvents,

    /// <summary>Authentication-Info</summary>
    AuthenticationInfo,

    /// <summary>Authorization</summary>
    Authorization,

    /// <summary>Call-ID, compact form i</summary>
    CallId,

    /// <summary>Call-Info</summary>
    CallInfo,

    /// <summary>Contact, compact form m</summary>
    Contact,

    /// <summary>Content-Disposition</summary>
    ContentDisposition,

    /// <summary>Content-Encoding, compact form e</summary>
    ContentEncoding,

    /// <summary>Content-Language</summary>
    ContentLanguage,

    /// <summary>Content-Length, compact form l</summary>
    ContentLength,

    /// <summary>Content-Type, compact form c</summary>
    ContentType,

    /// <summary>CSeq</summary>
    CSeq,

    /// <summary>Date</summary>
    Date,

    /// <summary>Error-Info</summary>
    ErrorInfo,

    /// <summary>Event, compact form o</summary>
    Event,

    /// <summary>Expires</summary>
    Expires,

    /// <summary>Flow-Timer</summary>
    FlowTimer,

    /// <summary>From, compact form f</summary>
    From,

    /// <summary>In-Reply-To</summary>
    InReplyTo,

    /// <summary>Max-Breadth</summary>
    MaxBreadth,

    /// <summary>Max-Forwards</summary>
    MaxForwards,

    /// <summary>MIME-Version</summary>
    MimeVersion,

    /// <summary>Min-Expires</summary>
    MinExpires,

    /// <summary>Min-SE</summary>
    MinSe,

    /// <summary>Organization</summary>
    Organization,

    /// <summary>Path</summary>
    Path,

    /// <summary>Priority</summary>
    Priority,

    /// <summary>Proxy-Authenticate</summary>
    ProxyAuthenticate,

    /// <summary>Proxy-Authorization</summary>
    ProxyAuthorization,

    /// <summary>Proxy-Require</summary>
    ProxyRequire,

    /// <summary>RAck</summary>
    RAck,

    /// <summary>Reason</summary>
    Reason,

    /// <summary>Record-Route</summary>
    RecordRoute,

    /// <summary>Refer-To, compact form r</summary>
    ReferTo,

    /// <summary>Referred-By, compact form b</summary>
    ReferredBy,

    /// <summary>Reject-Contact, compact form j</summary>
    RejectContact,

    /// <summary>Replaces</summary>
    Replaces,

    /// <summary>Reply-To</summary>
    ReplyTo,

    /// <summary>Request-Disposition, compact form d</summary>
    RequestDisposition,

    /// <summary>Require</summary>
    Require,

    /// <summary>Retry-After</summary>
    RetryAfter,

    /// <summary>Route</summary>
    Route,

    /// <summary>RSeq</summary>
    RSeq,

    /// <summary>Server</summary>
    Server,

    /// <summary>Service-Route</summary>
    ServiceRoute,

    /// <summary>Session-Expires, compact form x</summary>
    SessionExpires,

    /// <summary>SIP-ETag</summary>
    SipETag,

    /// <summary>SIP-If-Match</summary>
    SipIfMatch,

    /// <summary>Subject, compact form s</summary>
    Subject,

    /// <summary>Subscription-State</summary>
    SubscriptionState,

    /// <summary>Supported, compact form k</summary>
    Supported,

    /// <summary>Timestamp</summary>
    Timestamp,

    /// <summary>To, compact form t</summary>
    To,

    /// <summary>Unsupported</summary>
    Unsupported,

    /// <summary>User-Agent</summary>
    UserAgent,

    /// <summary>Via, compact form v</summary>
    Via,

    /// <summary>Warning</summary>
    Warning,

    /// <summary>WWW-Authenticate</summary>
    WwwAuthenticate,
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A request (RFC 3261 §7.1).</summary>
public sealed class SipRequest : SipMessage
{
    private Range _uri;
    private AnyUri? _requestUri;

    internal SipRequest()
    {
    }

    /// <summary>The method.</summary>
    public SipMethod Method { get; private set; }

    /// <summary>The Request-URI.</summary>
    public AnyUri RequestUri => _requestUri ??= AnyUri.TryParse(RequestUriBytes, out AnyUri? uri)
        ? uri
        : throw new InvalidOperationException("The request was not read as well formed: it has no valid Request-URI.");

    /// <summary>The Request-URI when it is a SIP one.</summary>
    public SipUri? RequestSipUri => RequestUri as SipUri;

    /// <summary>The Request-URI as it is written.</summary>
    public string RequestUriText => Characters.Text(RequestUriBytes);

    /// <summary>Begins the answer to this request (RFC 3261 §8.2.6): Via, From, To with a tag where one is given, Call-ID and CSeq are copied.</summary>
    /// <param name="statusCode">100 to 699.</param>
    /// <param name="reason">The reason phrase; the usual one of the status when null.</param>
    /// <param name="toTag">The tag added to To when the request has none; a 100 gets none.</param>
    public ResponseBuilder Answer(int statusCode, string? reason = null, string? toTag = null) => new(this, statusCode, reason, toTag);

    internal ReadOnlySpan<byte> RequestUriBytes => Memory.Span[_uri];

    internal Range RequestUriRange => _uri;

    internal void Take(MessageMemory memory, SipMethod method, Range uri, MessagePool? pool)
    {
        (Method, _uri) = (method, uri);
        Take(memory, pool);
    }

    private protected override void Forget() => _requestUri = null;
}

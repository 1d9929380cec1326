// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip;

/// <summary>A request (RFC 3261 §7.1).</summary>
public sealed class SipRequest : SipMessage
{
    private int _uriStart;
    private int _uriEnd;
    private SipUriParts _uriParts;
    private bool _hasUriParts;
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

    /// <summary>The Request-URI as it is written, in bytes.</summary>
    public ReadOnlySpan<byte> RequestUriBytes => Unindexed.Bytes.AsSpan(_uriStart, _uriEnd - _uriStart);

    /// <summary>Reads the Request-URI where it stands; false when it is no SIP one.</summary>
    public bool TryGetRequestUriView(out SipUriView uri)
    {
        if (!_hasUriParts)
        {
            return SipUriView.TryRead(RequestUriBytes, out uri);
        }

        uri = new(RequestUriBytes, _uriParts);
        return true;
    }

    /// <summary>
    /// Notes in the topmost Via where the request came from, in the message's own bytes: <c>received</c> when sent-by is not that address or rport was asked
    /// for (RFC 3261 §18.2.1, RFC 3581 §4), and <c>rport</c> when it was asked for; as <see cref="Via.ReceivedFrom"/>. Only for who received the request,
    /// before anybody else sees it.
    /// </summary>
    /// <returns>False when there is no well-formed Via: then nothing was changed.</returns>
    public bool StampSource(IPEndPoint source) => Stamp(source);

    internal int RequestUriStart => _uriStart;

    internal int RequestUriEnd => _uriEnd;

    internal void Set(SipMethod method, int uriStart, int uriEnd) => (Method, _uriStart, _uriEnd, _hasUriParts) = (method, uriStart, uriEnd, false);

    /// <summary>What is wrong with the Request-URI; where nothing is and it is a SIP one, its parts are known from now on.</summary>
    internal SipFault? CheckUri()
    {
        var uri = RequestUriBytes;
        if (!SipUriParts.HasSipScheme(uri))
        {
            return AnyUri.IsUri(uri) ? null : new(400, "Malformed Request-URI");
        }

        _hasUriParts = SipUriParts.TryScan(uri, out _uriParts);
        return !_hasUriParts ? new(400, "Malformed Request-URI")
            : _uriParts.HasHeaders ? new(400, "Request-URI with header fields") // RFC 3261 §19.1.1: they must not stand there
            : null;
    }

    private protected override void Forget() => (_requestUri, _uriStart, _uriEnd, _hasUriParts) = (null, 0, 0, false);
}

// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The marks by which the proxy knows its own work when it comes back: in a Record-Route (only who got it from us for this Call-ID has
/// it, so that a made-up Route and To tag do not turn the proxy into an open relay) and in a branch (RFC 5393 §4.2.1).
/// </summary>
internal sealed class RouteMarks(ReadOnlyMemory<byte> key)
{
    /// <summary>The URI parameter that carries the mark of a Record-Route.</summary>
    public const string TokenParameter = "k";

    /// <summary>The URI parameter, with the value <c>on</c>, of both Record-Routes of a pair (RFC 5658 §5).</summary>
    public const string PairParameter = "r2";

    /// <summary>The mark of Record-Routes for a conversation: 64 bits, in hexadecimal.</summary>
    public string TokenFor(string callId) => Mark("route\n" + callId);

    /// <summary>Whether a Route is one that we made for this conversation.</summary>
    public bool IsOurs(SipUri route, string callId) =>
        route.Parameter(TokenParameter) is { Length: 16 } token
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(TokenFor(callId)));

    /// <summary>
    /// The mark of a request for loop detection: of everything that decides where the request goes, and of what tells transactions apart
    /// (RFC 5393 §4.2.4). The method is not part of it, since CANCEL and ACK carry the same branch.
    /// </summary>
    public string LoopMarkOf(SipRequest request)
    {
        var text = new StringBuilder("loop\n").Append(request.RequestUriText).Append('\n');
        foreach (string route in request.Values(HeaderName.Route))
        {
            text.Append(route).Append('\n');
        }

        // The caller's From and the offer's version are what the judge looks at; the body cannot change on the way.
        text.Append(request.CallId).Append('\n').Append(request.CSeq.Number).Append('\n').Append(request.From.Tag).Append('\n').Append(request.To.Tag);
        return Mark(text.ToString());
    }

    private string Mark(string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..8]);
    }
}

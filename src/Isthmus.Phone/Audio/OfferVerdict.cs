// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What becomes of an offer of the other side.</summary>
/// <param name="Body">The answer to it; null: it is refused.</param>
/// <param name="Status">The status of the refusal.</param>
/// <param name="Wanted">The version that the refusal asks for; null: it is not about versions.</param>
/// <param name="Warning">Another Warning; null: none.</param>
internal sealed record OfferVerdict(byte[]? Body, int Status = 200, IpVersion? Wanted = null, string? Warning = null)
{
    /// <summary>The refusal as an answer.</summary>
    /// <param name="request">What is refused.</param>
    /// <param name="agent">Who warns (RFC 3261 §20.43).</param>
    /// <param name="isBare">Whether the phone does not judge, and says nothing but the status.</param>
    public ResponseBuilder Refusal(SipRequest request, string agent, bool isBare)
    {
        var response = request.Answer(isBare && Status == Redirection.RedirectStatus ? Redirection.RefuseStatus : Status);
        if (Status == 415)
        {
            return response.Header(HeaderName.Accept, CallMedia.ContentType);
        }

        if (isBare)
        {
            return response;
        }

        if (Wanted is { } wanted)
        {
            return Redirection.Describe(response, wanted, agent);
        }

        return Warning is null ? response : response.Header(HeaderName.Warning, $"{Warning[..3]} {agent} \"{Warning[4..]}\"");
    }
}

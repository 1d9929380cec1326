// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Fuzz.Targets;

/// <summary>What the judge and the phone read from messages: the offer, and what a refusal asks for.</summary>
internal sealed class OfferTarget : ITarget
{
    public string Name => "offer";

    public bool Read(ReadOnlySpan<byte> input)
    {
        ParseResult result = SipParser.Parse(input);
        if (result.Outcome == ParseOutcome.Ok)
        {
            Offer offer = Offer.From(result.Message!);
            Offer glance = Offer.Glance(result.Message!);
            Property.Same((offer.Kind, offer.Versions, offer.HasIce), (glance.Kind, glance.Versions, glance.HasIce), "what a glance at the offer finds");
            if (result.Message is SipResponse response)
            {
                _ = Redirection.WantedVersion(response);
            }
            else if (result.Message is SipRequest request)
            {
                foreach (IpVersion version in (ReadOnlySpan<IpVersion>)[IpVersion.V4, IpVersion.V6])
                {
                    using SipResponse refusal = Redirection.Describe(request.Answer(380, null, "tag"), version, "a.example").Build();
                    Property.Same<IpVersion?>(version, Redirection.WantedVersion(refusal), "the version that a redirect asks for");
                }
            }
        }

        result.Message?.Dispose();
        int body = Math.Max(0, input.IndexOf("\r\n\r\n"u8));
        _ = Offer.From("multipart/mixed;boundary=x", null, input[body..]);
        _ = Offer.From("multipart/alternative; boundary=\"--\"", "identity", input[body..]);
        return result.Outcome == ParseOutcome.Ok;
    }
}

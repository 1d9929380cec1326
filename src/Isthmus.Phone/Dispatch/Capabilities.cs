// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What the phone says about itself.</summary>
internal static class Capabilities
{
    /// <summary>The options of ours that another side may require (RFC 3261 §8.2.2.3).</summary>
    private static readonly string[] Understood = ["timer", "eventlist", DualStack.Redirection.OptionTag];

    /// <summary>The answer to OPTIONS (RFC 3261 §11.2).</summary>
    public static ResponseBuilder Answer(SipRequest request, string? toTag = null) => request.Answer(200, null, toTag)
        .Header(HeaderName.Allow, PhoneContext.AllowedMethods)
        .Header(HeaderName.Accept, "application/sdp, text/plain, */*;q=0.5")
        .Header(HeaderName.AllowEvents, PresenceNotifier.Package)
        .Header(HeaderName.Supported, "timer");

    /// <summary>The option tags that a request requires and that we do not understand.</summary>
    public static IReadOnlyList<string> Unsupported(SipRequest request) =>
        [.. request.Values(HeaderName.Require).Where(tag => !Understood.Contains(tag, StringComparer.OrdinalIgnoreCase))];
}

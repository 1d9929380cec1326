// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Server.Registrar;

/// <summary>How long a Contact is to live (RFC 3261 §10.3 step 7).</summary>
internal static class GrantedTime
{
    // A request for an hour or more is never too brief.
    private const int NeverTooBrief = 3600;

    /// <summary>The seconds that the Contact asks for, or the request, or nobody.</summary>
    public static int Requested(in AddressView contact, SipRequest request, RegistrarOptions options) =>
        contact.Expires ?? (contact.Has("expires"u8) ? NeverTooBrief : request.Expires ?? Seconds(options.DefaultExpires)); // §10.2.1.1: what is malformed counts as 3600

    /// <summary>The same for a Contact that a binding keeps.</summary>
    public static int Requested(Binding binding, SipRequest request, RegistrarOptions options) =>
        binding.Asked ?? (binding.AsksUnreadably ? NeverTooBrief : request.Expires ?? Seconds(options.DefaultExpires));

    public static bool IsTooBrief(int seconds, RegistrarOptions options) => seconds > 0 && seconds < NeverTooBrief && seconds < Seconds(options.MinExpires);

    public static int Seconds(TimeSpan time) => (int)time.TotalSeconds;
}

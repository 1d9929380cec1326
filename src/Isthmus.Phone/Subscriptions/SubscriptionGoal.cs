// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What is subscribed to.</summary>
/// <param name="Uri">Whose state.</param>
/// <param name="Account">Who asks; null: nobody in particular.</param>
/// <param name="Version">The IP version that is tried first; null: the phone's.</param>
/// <param name="Expires">For how long it is asked for; zero fetches the state once (RFC 6665 §4.4.3).</param>
/// <param name="Reader">The event package.</param>
internal sealed record SubscriptionGoal(AnyUri Uri, Account? Account, IpVersion? Version, TimeSpan Expires, INotificationReader Reader);

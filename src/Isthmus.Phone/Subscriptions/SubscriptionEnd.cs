// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>How a subscription dialog ended.</summary>
/// <param name="Retry">Whether, and how soon, another one is tried.</param>
/// <param name="Status">As <see cref="SubscriptionState.Status"/>.</param>
/// <param name="Reason">As <see cref="SubscriptionState.Reason"/>.</param>
/// <param name="RetryAfter">Not before this time has passed.</param>
internal sealed record SubscriptionEnd(SubscriptionRetry Retry, int Status, string Reason, TimeSpan? RetryAfter = null)
{
    /// <summary>What a final answer to SUBSCRIBE means: what another time may change is tried again.</summary>
    public static SubscriptionEnd Of(RequestAnswer answer) => new(
        answer.Status is 408 or 430 or 480 or 481 or 482 or 486 or 491 or 500 or 502 or 503 or 504 or 600 ? SubscriptionRetry.Later : SubscriptionRetry.Never,
        answer.Status, answer.Reason, answer.Response is { } response ? Sip.RetryAfter.Of(response) : null);

    /// <summary>What the notifier's last word means (RFC 6665 §4.1.3).</summary>
    public static SubscriptionEnd Of(NotifiedState last) => last.Reason switch
    {
        "deactivated" or "timeout" => new(SubscriptionRetry.AtOnce, 0, last.Reason),
        "rejected" or "noresource" or "invariant" => new(SubscriptionRetry.Never, 0, last.Reason),
        _ => new(SubscriptionRetry.Later, 0, last.Reason ?? "", last.RetryAfter),
    };
}

/// <summary>Whether a subscription that ended is tried again.</summary>
internal enum SubscriptionRetry
{
    Never,
    Later,
    AtOnce,
}

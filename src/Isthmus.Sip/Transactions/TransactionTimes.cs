// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>The base values from which all transaction timers follow (RFC 3261 §17.1.1.1 and Table 4).</summary>
public sealed record TransactionTimes
{
    /// <summary>The values of RFC 3261.</summary>
    public static TransactionTimes Default { get; } = new();

    /// <summary>The estimate of a round trip; the first retransmission interval. 500 ms. More than zero.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest retransmission interval of non-INVITE requests and INVITE responses. 4 s. At least <see cref="T1"/>.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The longest time a message stays in the network. 5 s.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this time without an answer to an INVITE, the server sends 100 itself (RFC 3261 §17.2.1). Zero: at once. 200 ms.</summary>
    public TimeSpan TryingAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>64·T1: timers B, F, H, L, M, and J over unreliable transports.</summary>
    public TimeSpan Timeout => 64 * T1;

    /// <summary>Timer D over unreliable transports: at least 32 s, since the client does not know the server's T1 (RFC 3261 §17.1.1.2).</summary>
    public TimeSpan Linger => Timeout > MinimumLinger ? Timeout : MinimumLinger;

    /// <summary>
    /// The time it takes a client's Timer E to be reset to T2: before it no 100 to a non-INVITE request over an unreliable transport,
    /// at it a 100 over any transport (RFC 4320 §4.1). 3.5 s with the default values.
    /// </summary>
    public TimeSpan NonInviteTryingAfter
    {
        get
        {
            var total = TimeSpan.Zero;
            for (var interval = T1; interval < T2 && interval > TimeSpan.Zero; interval *= 2)
            {
                total += interval;
            }

            return total > TimeSpan.Zero ? total : T2;
        }
    }

    private static TimeSpan MinimumLinger => TimeSpan.FromSeconds(32);
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Messaging;

namespace Isthmus.Server;

/// <summary>What becomes of a MESSAGE (RFC 3428) for a user who cannot be reached now.</summary>
public sealed record MessageOptions
{
    /// <summary>Whether it is kept, answered 202 and delivered later. False: it is answered as any request, 480 or 404.</summary>
    public bool Store { get; init; } = true;

    /// <summary>How long a message waits at most; its own Expires may say less. 1 minute to a year.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long devices may be silent until the message is kept and its sender told so: less than the 32 s for which the sender waits. 1 to 30 s.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Messages that wait for one user; one more is answered 480.</summary>
    public int MaxPerUser { get; init; } = 200;

    /// <summary>Octets of the messages that wait for one user, headers included; one more beyond is answered 480.</summary>
    public int MaxBytesPerUser { get; init; } = 4 << 20;

    /// <summary>Messages that wait for all users; one more is answered 500 with Retry-After.</summary>
    public int MaxMessages { get; init; } = 100_000;

    /// <summary>Octets of the messages that wait for all users; one more beyond is answered 500 with Retry-After.</summary>
    public int MaxBytes { get; init; } = 256 << 20;

    /// <summary>
    /// How much of each of these bounds messages may take whose senders the server does not believe to be who they say, in per cent, rounded up; one more is answered 480 or
    /// 500. Believed senders have the rest, and what strangers leave. 0 to 100.
    /// </summary>
    public int MaxPercentOfStrangers { get; init; } = 25;

    /// <summary>Sees a message go from one moment to the next: a test that stops the server at any of them.</summary>
    internal Action<MessageMoment>? Witness { get; init; }
}

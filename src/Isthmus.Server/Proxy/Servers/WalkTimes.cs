// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>How long a server of another domain may be silent before something is done about it (docs/decisions/0044).</summary>
internal static class WalkTimes
{
    /// <summary>Between the beginnings of two attempts to connect, and between questions to two servers (RFC 8305 §5).</summary>
    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <summary>The silence after which a server that is not known to be good is doubted: longer than nearly every round trip.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(250);

    /// <summary>The same for one that answered lately, or that took a connection: its first datagram may be lost, and the second (T1 later) too late.</summary>
    public static readonly TimeSpan SilenceOfGood = TimeSpan.FromMilliseconds(800);

    /// <summary>How long a server must have been silent to be remembered as bad when the caller gives up: it had three copies of the request.</summary>
    public static readonly TimeSpan Hopeless = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a doubted server has to answer anything at all, when another one says that it is there. Its second address is asked at the beginning of this time
    /// only, so it is nearly as long as the silence; together they leave a caller who may lose 600 ms the time of a call.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);
}

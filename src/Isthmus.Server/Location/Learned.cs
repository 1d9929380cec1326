// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>What answers have shown about a device, and when, in one word: kept in its bindings, so it goes with them.</summary>
internal readonly record struct Learned(long Packed)
{
    /// <summary>How long an answer counts. A phone that was set up anew gets its chance after this at the latest.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    private const int VersionBits = 2;
    private const int TimeShift = 2 * VersionBits;
    private const long VersionMask = (1 << VersionBits) - 1;

    /// <summary>The versions in which it has answered.</summary>
    public IpVersions Can => (IpVersions)(Packed & VersionMask);

    /// <summary>The versions that it has refused.</summary>
    public IpVersions Cannot => (IpVersions)((Packed >> VersionBits) & VersionMask);

    private long Since => Packed >> TimeShift;

    /// <summary>What is known after an answer at <paramref name="now"/>, in milliseconds since 1970: the newest wins where it contradicts an older one.</summary>
    public Learned With(IpVersions can, IpVersions cannot, long now)
    {
        Learned known = IsStale(now) ? default : this;
        return Of((known.Can & ~cannot) | can, (known.Cannot & ~can) | (cannot & ~can), now);
    }

    /// <summary>Whether it counts no more.</summary>
    public bool IsStale(long now) => Packed != 0 && now - Since >= (long)Keep.TotalMilliseconds;

    private static Learned Of(IpVersions can, IpVersions cannot, long now) => new((now << TimeShift) | ((long)cannot << VersionBits) | (long)can);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Wall-clock time as RTCP writes it: seconds since 1900 in 32.32 fixed point (RFC 3550 §4).</summary>
internal readonly record struct NtpTime(ulong Value)
{
    private static readonly DateTimeOffset Epoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The middle 32 bits, 16.16 seconds: what LSR and DLSR count in.</summary>
    public uint Compact => (uint)(Value >> 16);

    public static NtpTime From(DateTimeOffset time)
    {
        UInt128 ticks = (UInt128)(time - Epoch).Ticks;
        return new NtpTime((ulong)((ticks << 32) / TimeSpan.TicksPerSecond));
    }

    public static TimeSpan FromCompact(uint units) => TimeSpan.FromSeconds(units / 65536.0);

    public static uint ToCompact(TimeSpan span) => (uint)Math.Clamp(span.TotalSeconds * 65536.0, 0, uint.MaxValue);
}

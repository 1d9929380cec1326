// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>The arithmetic of Max-Breadth (RFC 5393 §5.3.3).</summary>
internal static class Breadth
{
    /// <summary>The share of one of <paramref name="count"/> parallel branches; the shares add up to <paramref name="total"/>.</summary>
    public static int ShareOf(int total, int index, int count) => (total / count) + (index < total % count ? 1 : 0);
}

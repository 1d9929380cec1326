// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Bodies;

/// <summary>How many messages of one kind there are (RFC 3842 §5.2).</summary>
/// <param name="Context">The kind (RFC 3458): <c>Voice-Message</c>, <c>Fax-Message</c>, <c>Text-Message</c>, …</param>
/// <param name="New">How many the user has not read.</param>
/// <param name="Old">How many the user has.</param>
/// <param name="UrgentNew">How many of the new ones are urgent; null when not said.</param>
/// <param name="UrgentOld">How many of the old ones are urgent; null when not said.</param>
public readonly record struct MessageCount(string Context, uint New, uint Old, uint? UrgentNew = null, uint? UrgentOld = null)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string counts = string.Create(CultureInfo.InvariantCulture, $"{Context}: {New}/{Old}");
        return UrgentNew is null && UrgentOld is null ? counts : string.Create(CultureInfo.InvariantCulture, $"{counts} ({UrgentNew ?? 0}/{UrgentOld ?? 0})");
    }

    // More than can be counted stays at the most (RFC 3842 §5.2).
    internal MessageCount Add(MessageCount other) => new(Context, Sum(New, other.New), Sum(Old, other.Old), Sum(UrgentNew, other.UrgentNew), Sum(UrgentOld, other.UrgentOld));

    private static uint Sum(uint one, uint other) => (uint)Math.Min((ulong)one + other, uint.MaxValue);

    private static uint? Sum(uint? one, uint? other) => one is null && other is null ? null : Sum(one ?? 0, other ?? 0);

    internal static bool TryParse(string context, ReadOnlySpan<char> value, out MessageCount count)
    {
        int open = value.IndexOf('(');
        bool urgent = open >= 0;
        uint urgentNew = 0, urgentOld = 0;
        bool good = Pair(urgent ? value[..open] : value, out uint unread, out uint read)
            && (!urgent || (value.TrimEnd().EndsWith(')') && Pair(value[(open + 1)..].TrimEnd().TrimEnd(')'), out urgentNew, out urgentOld)));
        count = new(context, unread, read, urgent ? urgentNew : null, urgent ? urgentOld : null);
        return good;
    }

    private static bool Pair(ReadOnlySpan<char> text, out uint first, out uint second)
    {
        (first, second) = (0, 0);
        int slash = text.IndexOf('/');
        return slash > 0
            && uint.TryParse(text[..slash].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && uint.TryParse(text[(slash + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out second);
    }
}

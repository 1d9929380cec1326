// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>A Session-Expires header (RFC 4028 §4).</summary>
/// <param name="Seconds">The session interval.</param>
/// <param name="RefresherIsCaller">Who refreshes: the sender of the request (<c>uac</c>), its receiver (<c>uas</c>), or null where it does not say.</param>
internal readonly record struct SessionInterval(int Seconds, bool? RefresherIsCaller)
{
    /// <summary>RFC 4028 §5: no session interval is shorter.</summary>
    public const int Shortest = 90;

    public TimeSpan Length => TimeSpan.FromSeconds(Seconds);

    public static SessionInterval? Of(SipMessage message)
    {
        var parts = message.Text(HeaderName.SessionExpires)?.Split(';');
        if (parts is null || !uint.TryParse(parts[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return null;
        }

        bool? caller = null;
        foreach (var part in parts.Skip(1))
        {
            caller = part.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() switch
            {
                "REFRESHER=UAC" => true,
                "REFRESHER=UAS" => false,
                _ => caller,
            };
        }

        return new((int)Math.Min(seconds, int.MaxValue / 1000), caller);
    }

    /// <summary>The Min-SE of a message (RFC 4028 §5), 90 s if it has none.</summary>
    public static int MinimumOf(SipMessage message) =>
        uint.TryParse(message.Text(HeaderName.MinSe)?.Split(';')[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? (int)Math.Min(Math.Max(seconds, Shortest), int.MaxValue / 1000)
            : Shortest;

    public override string ToString() => RefresherIsCaller is { } caller
        ? string.Create(CultureInfo.InvariantCulture, $"{Seconds};refresher={(caller ? "uac" : "uas")}")
        : Seconds.ToString(CultureInfo.InvariantCulture);
}

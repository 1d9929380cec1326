// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Bodies;

/// <summary>How values are written in XML documents: numbers, moments (RFC 3339), truth (XML Schema part 2).</summary>
internal static class MarkupText
{
    /// <summary>In UTC and with whole seconds: some phones take every moment for UTC.</summary>
    public static string? Moment(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Moment(string? text) =>
        text is { Length: >= 19 } && text[10] is 'T' or 't'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    public static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    public static bool? Truth(string? text) => text switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    /// <summary>A preference from 0 to 1 with up to three digits (RFC 3863 §4.1.5, RFC 3261 §25.1 <c>qvalue</c>).</summary>
    public static double? Preference(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double q) && q is >= 0 and <= 1 ? q : null;

    public static string? Preference(double? q) => q?.ToString("0.###", CultureInfo.InvariantCulture);
}

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>What a refusal says about IP versions.</summary>
/// <param name="IsAboutVersions">It has Warning 300 or 301, or a body of one version: the version was the reason.</param>
/// <param name="Wanted">The version that it names as acceptable; null when it names none.</param>
/// <param name="HasOtherReason">It has a Warning that gives another reason than versions (302 to 398).</param>
public readonly record struct VersionHint(bool IsAboutVersions, IpVersion? Wanted, bool HasOtherReason = false)
{
    /// <summary>Reads warnings and body. The Warning counts more than the body.</summary>
    /// <param name="warnings">The warning values of the answer.</param>
    /// <param name="body">Its body.</param>
    public static VersionHint Read(IEnumerable<string> warnings, Offer body)
    {
        var (about, other) = (false, false);
        IpVersion? wanted = null;
        foreach (var warning in warnings)
        {
            // warn-code SP warn-agent SP warn-text
            if (warning.Length < 4 || warning[3] != ' ' || !int.TryParse(warning.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                continue;
            }

            if (code is 300 or 301)
            {
                about = true;
                var quote = warning.IndexOf('"', StringComparison.Ordinal);
                wanted ??= WarningText.Wanted(quote < 0 ? "" : warning[(quote + 1)..]);
            }
            else
            {
                other |= code is > 301 and < 399;
            }
        }

        var acceptable = body.Versions?.Single;
        return new(about || (acceptable is not null && !other), wanted ?? acceptable, other && !about);
    }
}

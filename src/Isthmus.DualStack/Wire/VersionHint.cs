// SPDX-License-Identifier: Apache-2.0
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
        foreach (var value in warnings)
        {
            if (!Warning.TryParse(value, out var warning))
            {
                continue;
            }

            if (warning.Code is 300 or 301)
            {
                about = true;
                wanted ??= WarningText.Wanted(warning.Text);
            }
            else
            {
                other |= warning.Code is > 301 and < 399;
            }
        }

        var acceptable = body.Versions?.Single;
        return new(about || (acceptable is not null && !other), wanted ?? acceptable, other && !about);
    }
}

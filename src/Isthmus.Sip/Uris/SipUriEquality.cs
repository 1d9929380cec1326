// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>Comparison of SIP URIs (RFC 3261 §19.1.4).</summary>
internal static class SipUriEquality
{
    // A parameter of these in one URI only makes them different; any other that stands in one only is ignored.
    private static readonly string[] AlwaysCompared = ["user", "ttl", "method", "maddr", "transport", "gr"];

    public static bool AreEqual(SipUri left, SipUri right) =>
        left.IsSecure == right.IsSecure
        && left.User == right.User
        && left.Password == right.Password
        && left.Host == right.Host
        && left.Port == right.Port
        && ParametersMatch(left.Parameters, right.Parameters)
        && HeadersMatch(left.HeaderText, right.HeaderText);

    private static bool ParametersMatch(SipParameters left, SipParameters right)
    {
        foreach (string name in AlwaysCompared)
        {
            if (left.Has(name) != right.Has(name))
            {
                return false;
            }
        }

        foreach (var (name, _) in left)
        {
            // Of a parameter that stands twice, which no URI should have, the first counts on both sides.
            if (right.TryGet(name, out string? other) && !string.Equals(left.Get(name), other, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HeadersMatch(string? left, string? right) =>
        left is null || right is null ? left == right : Headers(left).SequenceEqual(Headers(right));

    private static IEnumerable<string> Headers(string text) => text.Split('&').Select(Normalised).Order(StringComparer.Ordinal);

    private static string Normalised(string header)
    {
        int equal = header.IndexOf('=', StringComparison.Ordinal);
        string name = equal < 0 ? header : header[..equal];
        string value = equal < 0 ? "" : Escapes.Decode(Encoding.UTF8.GetBytes(header[(equal + 1)..]));
        return name.ToUpperInvariant() + "=" + value;
    }
}

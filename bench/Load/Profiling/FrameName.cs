// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Isthmus.Load;

/// <summary>A frame's name, short enough to be read, out of a line of <c>perf script</c>: address, symbol, offset, and file in brackets.</summary>
internal static partial class FrameName
{
    public static string? Of(string line)
    {
        Match match = Line().Match(line);
        if (!match.Success)
        {
            return null;
        }

        string symbol = match.Groups["symbol"].Value;
        string file = Path.GetFileName(match.Groups["file"].Value);
        if (symbol is "[unknown]")
        {
            return $"[{file}]";
        }

        // void [Isthmus.Sip] Isthmus.Sip.SipParser::Parse(valuetype …)[Tier1]
        Match managed = Managed().Match(symbol);
        return (managed.Success ? managed.Groups["name"].Value : symbol).Replace(';', ':');
    }

    [GeneratedRegex(@"^\s+[0-9a-f]+ (?<symbol>.+?)(\+0x[0-9a-f]+)? \((?<file>[^()]*( \(deleted\))?)\)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^.*?\[[\w.]+\] (?<name>[^(]+)")]
    private static partial Regex Managed();
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.DualStack;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Tests.DualStack;

/// <summary>
/// One row of the judge's table: method | arrival | offer | caller | devices | verdict | reason. A slash gives alternatives with the same verdict; every row
/// holds mirrored too, with IPv4 and IPv6 exchanged.
/// <list type="bullet">
/// <item>offer: <c>4</c>, <c>6</c>, <c>-</c> none, <c>?</c> unreadable, <c>mix</c> one line of each, <c>4ice</c>, <c>4altc</c>, <c>anat</c></item>
/// <item>caller: the versions it has, <c>f</c> follows redirects, <c>!4</c> was redirected to IPv4 before</item>
/// <item>devices: a name, its bindings in order, <c>j</c> judges, <c>+4</c> seen to use it, <c>-4</c> seen to refuse it, <c>i</c> does ICE, <c>a</c> reads ALTC, <c>n</c> reads ANAT</item>
/// <item>verdict: routes such as <c>A4 B6</c>, or <c>380:4</c>, or <c>488:4</c></item>
/// </list>
/// </summary>
internal static class JudgeTable
{
    public static IEnumerable<string> Expand(string table)
    {
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            IEnumerable<string> rows = [""];
            foreach (var column in line.Split('|', StringSplitOptions.TrimEntries))
            {
                var alternatives = column.Split('/', StringSplitOptions.TrimEntries);
                rows = rows.SelectMany(_ => alternatives, static (row, alternative) => row.Length == 0 ? alternative : $"{row} | {alternative}");
            }

            foreach (var row in rows)
            {
                yield return row;
                yield return Mirror(row);
            }
        }
    }

    public static (string Verdict, string Reason) Judged(string row)
    {
        var columns = row.Split(" | ");
        var verdict = Judge.Decide(
            Enum.Parse<JudgeMethod>(columns[0], ignoreCase: true), Version(columns[1][0]), ReadOffer(columns[2]), Caller(columns[3]), [.. columns[4].Split(' ').Select(Device)]);
        return (Text(verdict), verdict.Reason.ToString());
    }

    public static Offer ReadOffer(string text) => text switch
    {
        "-" => Offer.None,
        "?" => Offer.Unreadable,
        "4" => Of(Bodies.V4),
        "6" => Of(Bodies.V6),
        "mix" => Of(Bodies.Mixed),
        "anat" => Of(Bodies.Anat),
        "4ice" => Of(Bodies.V4Ice),
        "6ice" => Of(Bodies.V6Ice),
        "4altc" => Of(Bodies.V4Altc),
        "6altc" => Of(Bodies.V6Altc),
        _ => throw new ArgumentException(text),
    };

    public static string Text(Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.Forward => string.Join(' ', verdict.Routes.Select(static route => $"{route.DeviceId}{Digit(route.Version)}")),
        VerdictKind.Redirect => $"380:{Digit(verdict.Version!.Value)}",
        VerdictKind.Refuse => $"488:{Digit(verdict.Version!.Value)}",
        _ => throw new ArgumentException("A fourth verdict."),
    };

    private static Offer Of(string body) => Offer.From("application/sdp", null, Bodies.Bytes(body));

    private static string Mirror(string row)
    {
        var columns = row.Split(" | ");
        for (var at = 1; at < columns.Length - 1; at++)
        {
            // The numbers 380 and 488 are not versions.
            var (head, tail) = columns[at].IndexOf(':') is var colon && colon > 0 ? (columns[at][..colon], columns[at][colon..]) : ("", columns[at]);
            columns[at] = head + string.Concat(tail.Select(static c => c switch { '4' => '6', '6' => '4', _ => c }));
        }

        return string.Join(" | ", columns);
    }

    private static IpVersion Version(char digit) => digit switch { '4' => IpVersion.V4, '6' => IpVersion.V6, _ => throw new ArgumentException($"{digit}") };

    private static char Digit(IpVersion version) => version == IpVersion.V4 ? '4' : '6';

    private static CallerFacts Caller(string text)
    {
        var parts = text.Split('!');
        return new()
        {
            Known = parts[0].TrimEnd('f').Aggregate(IpVersions.None, static (set, digit) => set | Version(digit).AsSet),
            FollowsRedirect = parts[0].EndsWith('f'),
            AlreadyRedirectedTo = parts.Skip(1).Aggregate(IpVersions.None, static (set, digit) => set | Version(digit[0]).AsSet),
        };
    }

    private static DeviceFacts Device(string text)
    {
        var device = new DeviceFacts { Id = text[..1], Bindings = [.. text.Skip(1).TakeWhile(char.IsAsciiDigit).Select(static (digit, index) => new BindingFacts(Version(digit), index))] };
        for (var at = 1 + device.Bindings.Length; at < text.Length; at++)
        {
            device = text[at] switch
            {
                'j' => device with { Judges = true },
                'i' => device with { DoesIce = true },
                'a' => device with { Reads = device.Reads | SessionReaders.Altc },
                'n' => device with { Reads = device.Reads | SessionReaders.Anat },
                '+' => device with { Can = device.Can | Version(text[++at]).AsSet },
                '-' => device with { Cannot = device.Cannot | Version(text[++at]).AsSet },
                _ => throw new ArgumentException(text),
            };
        }

        return device;
    }
}

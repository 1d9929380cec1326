// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>Hosts in the middle of a text, held against the grammar as a pattern.</summary>
public sealed partial class HostTextTests
{
    private static readonly Gen<string> Host = Gen.OneOf(
        SipGen.OneOf("a", "b-c", "0", "1", "9", "10", "127", "255", "256", "001", "1000", ".", "..", "-", "_", "example.com", "x.y.", "long-label-of-a-long-name").Array[0, 8].Select(parts => string.Concat(parts)),
        SipGen.OneOf("0", "9", "25", "127", "255", "256", "300", "01", "0127", "").Array[3, 5].Select(parts => string.Join('.', parts)));

    [Fact]
    public void Scan_AnyHostAnywhere_EndsWhereThePatternEnds() =>
        Gen.Select(SipGen.OneOf("", "<", "sip:user@", "SIP/2.0/UDP  from "), Host, SipGen.OneOf("", ":", ">", ";tag=123456789012345", "@x", " ", "\u00e9", "/")).Sample((before, host, behind) =>
        {
            byte[] text = Encoding.UTF8.GetBytes(before + host + behind);
            int end = IsHost(host) ? before.Length + host.Length : -1;
            Assert.Equal(end, HostText.Scan(text, before.Length));
        }, iter: 100_000);

    [Fact]
    public void Scan_BehindTheEnd_IsNone()
    {
        Assert.Equal(-1, HostText.Scan("a"u8, 1));
        Assert.Equal(-1, HostText.Scan("a"u8, -1));
    }

    private static bool IsHost(string host) => V4().Match(host) is { Success: true } four
        ? four.Groups[1].Captures.All(part => int.Parse(part.Value, System.Globalization.CultureInfo.InvariantCulture) <= 255)
        : Name().IsMatch(host) && !DigitsAndDots().IsMatch(host);

    [GeneratedRegex(@"^(?:([0-9]{1,3})(?:\.(?=.)|$)){4}$")]
    private static partial Regex V4();

    [GeneratedRegex(@"^(?![-.])(?!.*\.\.)[A-Za-z0-9._-]{1,255}$")]
    private static partial Regex Name();

    [GeneratedRegex("^[0-9.]+$")]
    private static partial Regex DigitsAndDots();
}

// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Sip;

namespace Isthmus.Tests.Conformance;

/// <summary>The messages of RFC 4475 and RFC 5118 as bytes, against what their manifests say the RFCs ask of a parser.</summary>
public sealed class TortureTests
{
    public static TheoryData<string, string, string, string> Messages()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (string rfc in (string[])["rfc4475", "rfc5118"])
        {
            string manifest = Path.Combine(TortureFolder.Path, rfc, "manifest.json");
            if (!File.Exists(manifest))
            {
                rows.Add(rfc, "", "", "");
                continue;
            }

            foreach (JsonElement message in JsonDocument.Parse(File.ReadAllText(manifest)).RootElement.GetProperty("messages").EnumerateArray())
            {
                rows.Add(rfc, message.GetProperty("file").GetString()!, message.GetProperty("parse").GetString()!, message.TryGetProperty("acceptable_statuses", out JsonElement statuses) ? statuses.ToString() : "[]");
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Parse_TortureMessage_BehavesAsTheManifestSays(string rfc, string file, string expected, string statuses)
    {
        Assert.SkipWhen(file.Length == 0, $"the {rfc} messages are not beside this checkout (../shared/torture)");
        ParseResult result = SipParser.Parse(File.ReadAllBytes(Path.Combine(TortureFolder.Path, rfc, file)));
        switch (expected)
        {
            case "must-accept" or "should-accept":
                Assert.Null(result.Fault);
                Assert.Equal(ParseOutcome.Ok, result.Outcome);
                break;
            case "reject":
                Assert.NotEqual(ParseOutcome.Ok, result.Outcome);
                Assert.True(result.Outcome == ParseOutcome.Unreadable || statuses.Contains(result.Fault!.StatusCode.ToString(), StringComparison.Ordinal), $"{result.Fault} is not one of {statuses}");
                break;
            default:
                Assert.True(result.Outcome == ParseOutcome.Ok || statuses.Contains(result.Fault!.StatusCode.ToString(), StringComparison.Ordinal), $"{result.Fault} is not one of {statuses}");
                break;
        }

        if (result.Outcome == ParseOutcome.Malformed)
        {
            SipResponse answer = ((SipRequest)result.Message!).Answer(result.Fault!.StatusCode, result.Fault.Reason).Build();
            Assert.StartsWith($"SIP/2.0 {result.Fault.StatusCode} {result.Fault.Reason}\r\n", answer.ToString(), StringComparison.Ordinal);
        }
    }
}

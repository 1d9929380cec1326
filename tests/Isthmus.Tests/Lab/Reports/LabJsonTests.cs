// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Xml.Linq;
using Isthmus.DualStack;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Reports;

public sealed class LabJsonTests
{
    [Fact]
    public void Results_AreAnObjectThatProgramsRead()
    {
        using var stream = new MemoryStream();
        LabJson.Write(stream, [Result("3"), Result("4") with { Problems = ["a \"problem\""] }]);
        JsonElement root = JsonDocument.Parse(stream.ToArray()).RootElement, row = root.GetProperty("rows")[0];
        Assert.False(root.GetProperty("good").GetBoolean());
        Assert.True(row.GetProperty("good").GetBoolean());
        Assert.Equal(("3", "2", "arrival"), (row.GetProperty("figure").GetString(), row.GetProperty("network").GetString(), row.GetProperty("judge").GetString()));
        Assert.Equal(["T5", "isthmus", "tcp"], row.GetProperty("caller").EnumerateObject().Select(one => one.Value.GetString()));
        JsonElement media = Assert.Single(row.GetProperty("media").EnumerateArray());
        Assert.Equal(("T5", "T6", "IPv4", 80, 440.0), (media.GetProperty("from").GetString(), media.GetProperty("to").GetString(), media.GetProperty("version").GetString(), media.GetProperty("rtp").GetInt32(), media.GetProperty("toneHz").GetDouble()));
        Assert.Equal("a \"problem\"", root.GetProperty("rows")[1].GetProperty("problems")[0].GetString());
    }

    [Fact]
    public void Picture_IsXmlWhateverWasSent()
    {
        LabResult result = Result("3");
        result.Ladder.Sent(TimeSpan.FromMilliseconds(1), "T5", "S1", IpVersion.V4, SipTransport.Udp, Frames.Message("INVITE sip:t6@isthmus.example SIP/2.0", "1 INVITE"));
        result.Ladder.Sent(TimeSpan.FromMilliseconds(2), "S1", "T5", IpVersion.V6, SipTransport.Udp, Frames.Message("SIP/2.0 404 <No> & \"none\" \u00e9", "1 INVITE"));
        XElement picture = XDocument.Parse(LabText.Picture(result)).Root!;
        var lines = picture.Elements().Where(element => element.Name.LocalName == "line" && element.Attribute("marker-end") is not null).ToList();
        Assert.Equal([true, false, true], lines.Select(line => line.Attribute("stroke-dasharray") is not null));
        Assert.Contains("404 <No> & \"none\" \u00e9", picture.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_SaysWhatWasCaptured()
    {
        string page = LabText.Page(Result("3"));
        Assert.Contains("T5 to T6 on IPv4: 80 RTP, 1 RTCP, a tone of 440 Hz", page, StringComparison.Ordinal);
        Assert.Contains(" 80 RTP ", page, StringComparison.Ordinal);
        Assert.Contains("good  3", LabText.Table([Result("3")]), StringComparison.Ordinal);
    }

    private static LabResult Result(string figure) => new()
    {
        Row = LabTable.Find(figure)[0],
        Network = LabNetwork.Figure2,
        Method = JudgeMethod.Arrival,
        Settings = new LabSettings { Isthmus = [], Output = "", CallerTransport = SipTransport.Tcp },
        Problems = [],
        Media = [new MediaFact("T5", "T6", IpVersion.V4, 80, 1, 440, TimeSpan.Zero)],
    };
}

// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;
using Isthmus.Load;

namespace Isthmus.Tests.Load;

public sealed class ProfilingTests
{
    private const string Script = """
        isthmus 12 5.1: cpu-clock:
            7f00 void [Isthmus.Sip] Isthmus.Sip.SipParser::Parse(valuetype [System.Runtime]System.ReadOnlySpan`1<uint8>)[Tier1]+0x10 (/tmp/perf-12.map)
            7f01 instance void [Isthmus.Sip.Stack] Isthmus.Sip.Stack.Reception::Take(class Flow)[OptimizedTier1]+0x1 (/tmp/perf-12.map)

        isthmus 12 5.2: cpu-clock:
            ffff udp_sendmsg+0x5 ([kernel.kallsyms])
            7f02 [unknown] (/usr/share/dotnet/libcoreclr.so)

        isthmus 12 5.3: cpu-clock:
            ffff udp_sendmsg+0x9 ([kernel.kallsyms])
            7f02 [unknown] (/usr/share/dotnet/libcoreclr.so)
        """;

    [Fact]
    public void Add_PerfScript_CountsEqualStacks()
    {
        var folder = new StackFolder();
        foreach (string line in Script.Split('\n'))
        {
            folder.Add(line);
        }

        folder.End();
        Assert.Equal(1, folder.Stacks["Isthmus.Sip.Stack.Reception::Take;Isthmus.Sip.SipParser::Parse"]);
        Assert.Equal(2, folder.Stacks["[libcoreclr.so];udp_sendmsg"]);
    }

    [Fact]
    public void Draw_Stacks_IsAnImageWithATitleForEveryFrame()
    {
        XDocument svg = XDocument.Parse(FlameGraph.Draw("W3 <&>", new Dictionary<string, long> { ["a;b<int>"] = 3, ["a;c"] = 1 }));
        string[] titles = [.. svg.Descendants().Where(element => element.Name.LocalName == "title").Select(element => element.Value)];
        Assert.Equal(["all: 4 samples, 100.00 %", "a: 4 samples, 100.00 %", "b<int>: 3 samples, 75.00 %", "c: 1 samples, 25.00 %"], titles);
    }
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Load;

namespace Isthmus.Tests.Load;

public sealed class ProcessTreeTests
{
    [Fact]
    public void Parse_StatLine_ReadsParentAndTimes() =>
        Assert.Equal(new ProcessStat(4321, 123 + 45), ProcessTree.Parse("77 (kamailio) S 4321 77 77 0 -1 4194304 1000 0 0 0 123 45 9 9 20 0 1 0 100 1 1"));

    [Fact]
    public void Parse_NameWithBracketsAndSpaces_ReadsBehindIt() =>
        Assert.Equal(new ProcessStat(1, 3), ProcessTree.Parse("77 (a) R 2 (b c) S 1 77 77 0 -1 4194304 1000 0 0 0 1 2 9 9 20 0 1 0 100 1 1"));

    [Theory]
    [InlineData("")]
    [InlineData("77 (a) S 1 2")]
    [InlineData("77 (a) S x 77 77 0 -1 4194304 1000 0 0 0 1 2 9 9")]
    public void Parse_Nonsense_IsNull(string line) => Assert.Null(ProcessTree.Parse(line));

    [Fact]
    public void ProportionalSize_Rollup_IsInBytes() => Assert.Equal(1234 * 1024, ProcessTree.ProportionalSize("5588-7ff [rollup]\nRss:   9999 kB\nPss:   1234 kB\nPss_Dirty: 1 kB\n"));

    [Fact]
    public void OwnProcess_HasTimeAndMemory()
    {
        Assert.True(ProcessTree.ProcessorTime(Environment.ProcessId) > TimeSpan.Zero);
        Assert.True(ProcessTree.Memory(Environment.ProcessId) > 1 << 20);
    }
}

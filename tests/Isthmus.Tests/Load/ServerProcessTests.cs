// SPDX-License-Identifier: Apache-2.0
using Isthmus.Load;

namespace Isthmus.Tests.Load;

public sealed class ServerProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Ended_ProgramThatEnds_IsToldWithItsCodeAndTheEndOfItsLog()
    {
        using ServerProcess server = Start("seq 30; exit 3");
        Assert.True(server.Ended.WaitHandle.WaitOne(Patience));
        Assert.True(server.HasEnded);
        Assert.StartsWith("ended with code 3 while it was measured", server.End, StringComparison.Ordinal);
        Assert.DoesNotContain("\n  10", server.End, StringComparison.Ordinal);
        Assert.EndsWith("\n  11" + string.Concat(Enumerable.Range(12, 19).Select(number => $"\n  {number}")), server.End, StringComparison.Ordinal);
    }

    [Fact]
    public void Ended_ProgramThatRuns_IsNotTold()
    {
        using ServerProcess server = Start("exec sleep 600");
        Assert.False(server.HasEnded);
        Assert.False(server.Ended.IsCancellationRequested);
    }

    private static ServerProcess Start(string script) =>
        ServerProcess.Start(Directory.CreateTempSubdirectory("load-test-").FullName, "0", ["/bin/sh", "-c", script], new Dictionary<string, string>());
}

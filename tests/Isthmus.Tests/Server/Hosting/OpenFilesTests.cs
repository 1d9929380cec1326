// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;

namespace Isthmus.Tests.Server.Hosting;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData(10_000, 1_048_576L, 10_000)]
    [InlineData(10_000, 1024L, 768)]
    [InlineData(10_000, 100L, 1)]
    [InlineData(10_000, null, 10_000)]
    [InlineData(5, 4096L, 5)]
    public void ConnectionsWithin_TheFilesOfTheProcess_LeavesTheRuntimeItsOwn(int wanted, long? files, int connections) =>
        Assert.Equal(connections, OpenFiles.ConnectionsWithin(wanted, files));

    [Fact]
    public void Limit_OfThisProcess_IsKnownOnLinux() => Assert.Equal(OperatingSystem.IsLinux(), OpenFiles.Limit() is > 0);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Interop.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Runner_Runs_One() => Assert.Equal(2, 1 + 1);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Interop.Tests.Speed;

/// <summary>What a message allocates in steady state: exact, from the runtime's own count, so that no machine is too slow or too busy for it.</summary>
public sealed class AllocationTests
{
    // Before pooling it was 3,500 to 9,600; it is 0 now, and 0.1 for W1, whose journal grows. The least object takes 24 octets: one in every third message would show.
    private const double Bound = 8;

    [Theory]
    [InlineData("W1")]
    [InlineData("W3")]
    [InlineData("W4")]
    [InlineData("W4K")]
    [InlineData("W5")]
    [InlineData("W6")]
    public async Task Message_InSteadyState_AllocatesNothing(string workload) =>
        Assert.InRange(await SteadyProgram.BytesPerMessageAsync(workload), 0, Bound);
}

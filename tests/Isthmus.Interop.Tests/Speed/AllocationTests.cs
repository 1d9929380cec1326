// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Interop.Tests.Speed;

/// <summary>What a message allocates in steady state: exact, from the runtime's own count, so that no machine is too slow or too busy for it.</summary>
public sealed class AllocationTests
{
    // Before pooling it was 3,500 to 9,600. Usually it is 4 to 24 now; how many transactions linger at a time depends on chance (the seeds of the
    // tables), and what the pools then lack is made anew: up to 80 were seen.
    private const double Bound = 256;

    [Theory]
    [InlineData("W1")]
    [InlineData("W3")]
    [InlineData("W4")]
    [InlineData("W5")]
    [InlineData("W6")]
    public async Task Message_InSteadyState_AllocatesNextToNothing(string workload) =>
        Assert.InRange(await SteadyProgram.BytesPerMessageAsync(workload), 0, Bound);
}

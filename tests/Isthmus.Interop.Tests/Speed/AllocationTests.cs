// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Interop.Tests.Speed;

/// <summary>What a message allocates in steady state: exact, from the runtime's own count, so that no machine is too slow or too busy for it.</summary>
public sealed class AllocationTests
{
    // Before pooling it was 3,500 to 9,600. What is left is less than one small object for each message, and for most of them none.
    private const double Bound = 32;

    [Theory]
    [InlineData("W1")]
    [InlineData("W3")]
    [InlineData("W4")]
    [InlineData("W5")]
    [InlineData("W6")]
    public async Task Message_InSteadyState_AllocatesNextToNothing(string workload) =>
        Assert.InRange(await SteadyProgram.BytesPerMessageAsync(workload), 0, Bound);
}

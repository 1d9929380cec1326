// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Interop.Tests.Speed;

/// <summary>What a message allocates in steady state: exact, from the runtime's own count, so that no machine is too slow or too busy for it.</summary>
public sealed class AllocationTests
{
    // What grows now and then (a pool, a table) is spread over many messages.
    private const double Bound = 1;

    [Theory]
    [InlineData("W1")]
    [InlineData("W3")]
    [InlineData("W4")]
    [InlineData("W5")]
    [InlineData("W6")]
    public async Task Message_InSteadyState_AllocatesNothing(string workload) =>
        Assert.InRange(await SteadyProgram.BytesPerMessageAsync(workload), 0, Bound);
}

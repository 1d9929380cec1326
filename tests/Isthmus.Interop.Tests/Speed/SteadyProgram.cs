// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.RegularExpressions;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Testing;

namespace Isthmus.Interop.Tests.Speed;

/// <summary>bench/Steady as a program: what the server's own code costs for a message, as far as it can be counted exactly.</summary>
internal static partial class SteadyProgram
{
    /// <summary>Bytes allocated for one message in steady state, to the last one.</summary>
    public static async Task<double> BytesPerMessageAsync(string workload)
    {
        string program = Path.Combine(Repository.Root, "bench/Steady/bin/Release/net10.0/Isthmus.Steady");
        Assert.SkipUnless(File.Exists(program), "bench/Steady is not built: dotnet build bench/Steady -c Release");

        // Compiled at once and for good: what code allocates while it waits to be optimised is not what is asked for.
        await using ChildProgram run = ChildProgram.Start(
            program, [workload, "--json", "--users", "1000", "--calls", "20000"], Repository.Root, environment: new Dictionary<string, string> { ["DOTNET_TieredCompilation"] = "0" });
        Assert.True(await run.ExitAsync(TimeSpan.FromMinutes(5)) == 0, run.Output.Text);
        JsonElement cost = JsonDocument.Parse(run.Output.Text).RootElement[0].GetProperty("cost");
        return cost.GetProperty("bytes").GetDouble() / cost.GetProperty("messages").GetDouble();
    }

    /// <summary>Instructions for one message in steady state: of a run with more calls, less those of a run with fewer.</summary>
    /// <param name="native">The program compiled ahead of time.</param>
    /// <param name="workload">Its workload.</param>
    /// <param name="messages">Messages of one call.</param>
    public static async Task<double> InstructionsPerMessageAsync(string native, string workload, int messages)
    {
        const int Fewer = 400;
        const int More = 2400;
        return (await InstructionsAsync(native, workload, More) - await InstructionsAsync(native, workload, Fewer)) / (double)((More - Fewer) * messages);
    }

    private static async Task<long> InstructionsAsync(string native, string workload, int calls)
    {
        await using ChildProgram run = ChildProgram.Start(
            ChildProgram.Require("valgrind", "valgrind"),
            ["--tool=callgrind", "--callgrind-out-file=/dev/null", native, workload, "--users", "100", "--warm-up", "400", "--calls", $"{calls}"],
            Repository.Root,
            environment: new Dictionary<string, string> { ["DOTNET_gcConcurrent"] = "0", ["DOTNET_GCHeapHardLimit"] = "40000000" });
        Assert.True(await run.ExitAsync(TimeSpan.FromMinutes(5)) == 0, run.Output.Text);
        return long.Parse(Collected().Match(run.Output.Text).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Collected : (\d+)")]
    private static partial Regex Collected();
}

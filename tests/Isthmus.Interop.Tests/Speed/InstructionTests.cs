// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Testing;

namespace Isthmus.Interop.Tests.Speed;

/// <summary>
/// Instructions for a message against what was recorded: they do not depend on how busy a machine is. A change that means it records
/// anew: <c>ISTHMUS_ACCEPT=1</c> writes bench/Steady/instructions.json.
/// </summary>
public sealed class InstructionTests(NativeSteady native) : IClassFixture<NativeSteady>
{
    private const double Tolerance = 0.05;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string Record => Path.Combine(Repository.Root, "bench/Steady/instructions.json");

    [Fact]
    public async Task Messages_InSteadyState_TakeWhatIsRecorded()
    {
        ChildProgram.Require("valgrind", "valgrind");
        string program = await native.PublishedAsync();
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach ((string workload, int messages) in new[] { ("W1", 2), ("W3", 13), ("W4", 4), ("W5", 2), ("W6", 4) })
        {
            found[workload] = (int)await SteadyProgram.InstructionsPerMessageAsync(program, workload, messages);
        }

        if (Environment.GetEnvironmentVariable("ISTHMUS_ACCEPT") == "1")
        {
            await File.WriteAllTextAsync(Record, JsonSerializer.Serialize(found, Indented) + "\n", TestContext.Current.CancellationToken);
        }

        var recorded = JsonSerializer.Deserialize<Dictionary<string, int>>(await File.ReadAllTextAsync(Record, TestContext.Current.CancellationToken))!;
        string[] apart =
        [
            .. found.Where(pair => Math.Abs(pair.Value - recorded[pair.Key]) > recorded[pair.Key] * Tolerance)
                .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value} instructions per message, recorded {recorded[pair.Key]}")),
        ];
        Assert.True(apart.Length == 0, string.Join('\n', apart));
    }
}

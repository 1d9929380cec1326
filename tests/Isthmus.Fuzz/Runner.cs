// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Isthmus.Fuzz.Mutation;
using Isthmus.Fuzz.Targets;

namespace Isthmus.Fuzz;

/// <summary>Makes inputs until the time is over or one breaks a property, and says which and how to see it again.</summary>
internal sealed class Runner(FuzzOptions options)
{
    private const int LongestHex = 512;
    private readonly IReadOnlyList<ITarget> _targets = [new MessageTarget(), new StreamTarget(), new ValueTarget(), new SessionTarget(), new OfferTarget(), new BodyTarget()];
    private readonly Dictionary<string, Costs> _costs = [];

    public int Run()
    {
        IReadOnlyList<byte[]> corpus = Corpus.Load();
        var mutator = new Mutator(corpus, new Random(options.Seed));
        long inputs = 0, bytes = 0;
        var clock = Stopwatch.StartNew();
        foreach (byte[] input in corpus.Concat(Enumerable.Repeat(0, int.MaxValue).Select(_ => mutator.Next())))
        {
            if (inputs >= corpus.Count && clock.Elapsed.TotalSeconds >= options.Seconds)
            {
                break;
            }

            if (Broken(input) is { } broken)
            {
                return Report(input, broken);
            }

            inputs++;
            bytes += input.Length;
        }

        string most = string.Join(", ", _costs.Select(cost => string.Create(CultureInfo.InvariantCulture, $"{cost.Key} {cost.Value.MostAllocatedPerOctet:0}")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{inputs} inputs ({bytes / 1_000_000.0:0.0} MB, corpus of {corpus.Count}) in {clock.Elapsed.TotalSeconds:0.0} s, {inputs / clock.Elapsed.TotalSeconds:0} a second, seed {options.Seed}; most octets allocated for one octet: {most}"));
        return 0;
    }

    public int Replay(string file)
    {
        byte[] input = File.ReadAllBytes(file);
        for (int warmUp = 0; warmUp < 30; warmUp++)
        {
            if (Broken(input) is { } broken)
            {
                return Report(input, broken);
            }
        }

        Console.WriteLine($"{file}: every property holds");
        return 0;
    }

    /// <summary>What the input breaks, with the target's name; null when every property holds.</summary>
    private string? Broken(byte[] input)
    {
        foreach (ITarget target in _targets)
        {
            if (!_costs.TryGetValue(target.Name, out Costs? costs))
            {
                _costs[target.Name] = costs = new();
            }

            try
            {
                if (costs.Measure(target, input) is { } tooMuch)
                {
                    return $"{target.Name}: {tooMuch}";
                }
            }
            catch (BrokenPropertyException broken)
            {
                return $"{target.Name}: {broken.Message}";
            }
#pragma warning disable CA1031 // any exception at all is what we look for
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                return $"{target.Name}: {thrown}";
            }
        }

        return null;
    }

    private int Report(byte[] input, string broken)
    {
        if (options.Minimise)
        {
            string target = broken[..broken.IndexOf(':', StringComparison.Ordinal)];
            input = Minimiser.Minimise(input, smaller => Broken(smaller)?.StartsWith(target, StringComparison.Ordinal) == true);
            broken = Broken(input) ?? broken;
        }

        string file = Path.Combine(options.Folder, $"fuzz-{Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6))}.dat");
        File.WriteAllBytes(file, input);
        Console.WriteLine(broken);
        Console.WriteLine($"seed {options.Seed}; {input.Length} octets: {Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, LongestHex)))}{(input.Length > LongestHex ? "…" : "")}");
        Console.WriteLine($"again: Isthmus.Fuzz --replay {file}{(options.Minimise ? "" : " --minimise")}");
        return 1;
    }
}

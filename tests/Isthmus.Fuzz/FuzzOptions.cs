// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Isthmus.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    public const string Usage =
        """
        Usage: Isthmus.Fuzz [--seconds N] [--seed S] [--minimise] [--folder PATH] | --replay FILE [--minimise]

          --seconds N    how long; 10 unless told
          --seed S       the same inputs again; else a new one, which is printed
          --minimise     makes a failing input as small as it can be and still fail
          --folder PATH  where a failing input is written; the current one unless told
          --replay FILE  one input, through every property
        """;

    public double Seconds { get; init; } = 10;

    public int Seed { get; init; } = Random.Shared.Next();

    public bool Minimise { get; init; }

    public string Folder { get; init; } = ".";

    public string? Replay { get; init; }

    public static bool TryRead(IReadOnlyList<string> arguments, [NotNullWhen(true)] out FuzzOptions? options, out string problem)
    {
        var read = new FuzzOptions();
        (options, problem) = (null, "");
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (name == "--minimise")
            {
                read = read with { Minimise = true };
                continue;
            }

            string value = i + 1 < arguments.Count ? arguments[++i] : "";
            switch (name)
            {
                case "--seconds" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds):
                    read = read with { Seconds = seconds };
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out int seed):
                    read = read with { Seed = seed };
                    break;
                case "--folder" when Directory.Exists(value):
                    read = read with { Folder = value };
                    break;
                case "--replay" when File.Exists(value):
                    read = read with { Replay = value };
                    break;
                default:
                    problem = $"'{name} {value}' cannot be used";
                    return false;
            }
        }

        options = read;
        return true;
    }
}

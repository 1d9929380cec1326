// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;

namespace Isthmus.App.Lab;

/// <summary>An option that is a number within bounds.</summary>
internal static class NumberOption
{
    /// <summary>How many runs at a time.</summary>
    public static Option<int> Jobs(string what)
    {
        Option<int> jobs = Create("--jobs", $"how many {what} at a time", 2, 1, 16);
        jobs.Aliases.Add("-j");
        return jobs;
    }

    public static Option<int> Create(string name, string description, int otherwise, int least, int most)
    {
        var option = new Option<int>(name) { Description = $"{description}, {least} to {most}", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most))
            {
                result.AddError($"{name}: expected a number from {least} to {most}");
            }
        });
        return option;
    }
}

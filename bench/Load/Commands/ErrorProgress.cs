// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Says on standard error what is being done, each line with the time of day.</summary>
internal sealed class ErrorProgress : IProgress<string>
{
    public void Report(string value) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {value}");
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Says in one line what went wrong, and ends with code 1.</summary>
internal static class Failures
{
    public const int Good = 0;
    public const int Failed = 1;

    public static int Report(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (LoadException fault)
        {
            Console.Error.WriteLine($"load: {fault.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("load: interrupted");
            return Failed;
        }
    }
}

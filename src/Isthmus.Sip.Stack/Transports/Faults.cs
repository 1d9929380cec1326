// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Exceptions that nothing expects where messages come in: errors in the program, which must not end the thread that serves all others. Each is counted and logged.
/// </summary>
internal sealed class Faults(StackCounters counters, ILogger logger)
{
    /// <summary>Tells one to whoever the network works for. Who cannot even hear of it, as a log whose disk is full, is not told again.</summary>
    public static void Tell(Action<Exception> receiver, Exception fault)
    {
        try
        {
            receiver(fault);
        }
#pragma warning disable CA1031 // There is nobody left to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
            // It was counted before it was logged.
        }
    }

    /// <summary>Counts and logs one.</summary>
    /// <param name="place">The listener or the flow.</param>
    /// <param name="fault">What was thrown there.</param>
    public void Report(object place, Exception fault)
    {
        counters.Count(StackCounter.Faults);
        logger.Faulted(place, fault);
    }
}

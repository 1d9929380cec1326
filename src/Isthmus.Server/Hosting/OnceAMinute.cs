// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Hosting;

/// <summary>Lets each thing be said once a minute, and counts what is not: whoever can cause a line for each of his requests fills no log. From any thread.</summary>
/// <typeparam name="T">What tells things apart.</typeparam>
/// <param name="time">The time.</param>
internal sealed class OnceAMinute<T>(TimeProvider time)
    where T : notnull
{
    // Beyond it nothing more is said until the minute is over.
    private const int Most = 256;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HashSet<T> _said = [];
    private long _since = time.GetTimestamp();
    private long _unsaid;

    /// <summary>Whether something is to be said now.</summary>
    /// <param name="what">What.</param>
    /// <param name="unsaid">How many in the minute before were not said; zero: none, or that is known.</param>
    public bool Says(T what, out long unsaid)
    {
        unsaid = 0;
        lock (_lock)
        {
            if (time.GetElapsedTime(_since) >= Period)
            {
                (unsaid, _unsaid, _since) = (_unsaid, 0, time.GetTimestamp());
                _said.Clear();
            }

            bool isNew = _said.Count < Most && _said.Add(what);
            _unsaid += isNew ? 0 : 1;
            return isNew;
        }
    }
}

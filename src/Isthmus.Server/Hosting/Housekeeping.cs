// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Hosting;

/// <summary>
/// Gives memory back that a storm of registrations or calls left behind. In steady state nothing is allocated, so nothing is collected: what tables were
/// before they grew, what is half empty, and what the compiler needed would stay. It is done once, when next to nobody calls, since all stand still meanwhile.
/// </summary>
internal sealed class Housekeeping : IDisposable
{
    /// <summary>How often somebody looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>What must have been allocated since the last time to be worth it, in octets.</summary>
    public const long Worth = 32 << 20;

    /// <summary>So many messages in an interval are nearly nobody.</summary>
    public const long Few = 100;

    private readonly Func<long> _messages;
    private readonly Func<long> _allocated;
    private readonly Action _tidy;
    private readonly ITimer _timer;
    private long _lastMessages;
    private long _lastAllocated;

    /// <param name="time">When to look.</param>
    /// <param name="messages">How many messages came since the start.</param>
    /// <param name="allocated">Octets that were allocated since the start.</param>
    /// <param name="tidy">Gives memory back (<see cref="IdleMemory.GiveBack"/>).</param>
    public Housekeeping(TimeProvider time, Func<long> messages, Func<long> allocated, Action tidy)
    {
        (_messages, _allocated, _tidy) = (messages, allocated, tidy);
        (_lastMessages, _lastAllocated) = (messages(), allocated());
        _timer = time.CreateTimer(static state => ((Housekeeping)state!).Look(), this, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long messages = _messages();
        long since = messages - _lastMessages;
        _lastMessages = messages;
        if (since <= Few && _allocated() - _lastAllocated >= Worth)
        {
            _tidy();
            _lastAllocated = _allocated();
        }
    }
}

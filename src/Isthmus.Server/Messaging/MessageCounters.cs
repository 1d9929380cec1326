// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>What has happened to kept messages since the server began. Every member may be read at any time.</summary>
internal sealed class MessageCounters
{
    private long _kept;
    private long _delivered;
    private long _refused;
    private long _expired;
    private long _notKept;

    /// <summary>Kept, and their senders told so.</summary>
    public long Kept => Interlocked.Read(ref _kept);

    /// <summary>Delivered later.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Given up, since no device will have them.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Given up, since their time was over.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    /// <summary>Not kept: there was no room, or the store could not be written.</summary>
    public long NotKept => Interlocked.Read(ref _notKept);

    /// <summary>All of them by name.</summary>
    public IEnumerable<(string Outcome, long Count)> All => [("kept", Kept), ("not-kept", NotKept), ("delivered", Delivered), ("refused", Refused), ("expired", Expired)];

    internal void CountKept() => Interlocked.Increment(ref _kept);

    internal void CountNotKept() => Interlocked.Increment(ref _notKept);

    internal void Count(MessageEnd end)
    {
        switch (end)
        {
            case MessageEnd.Delivered: Interlocked.Increment(ref _delivered); break;
            case MessageEnd.Expired: Interlocked.Increment(ref _expired); break;
            default: Interlocked.Increment(ref _refused); break;
        }
    }
}

/// <summary>How a message ends.</summary>
internal enum MessageEnd
{
    /// <summary>A device has it.</summary>
    Delivered,

    /// <summary>No device will have it.</summary>
    Refused,

    /// <summary>Its time is over.</summary>
    Expired,
}

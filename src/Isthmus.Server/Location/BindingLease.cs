// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>What changes of a binding while it stays the same one: the writer's view runs ahead of the readers' until the store has it.</summary>
internal sealed partial class Binding
{
    private long _expires;
    private long _nextExpires;
    private long _registered;
    private long _learned;
    private uint _cseq;

    /// <summary>When it ends, in milliseconds since 1970.</summary>
    public long ExpiresAt => Volatile.Read(ref _expires);

    /// <summary>When it ends once the store has what waits. For the writer.</summary>
    public long NextExpiresAt => _nextExpires;

    /// <summary>When the last REGISTER for it came, in milliseconds since 1970.</summary>
    public long RegisteredAt => Volatile.Read(ref _registered);

    public DateTimeOffset Expires => DateTimeOffset.FromUnixTimeMilliseconds(ExpiresAt);

    /// <summary>When the last REGISTER for it came.</summary>
    public DateTimeOffset Registered => DateTimeOffset.FromUnixTimeMilliseconds(RegisteredAt);

    /// <summary>The CSeq of the last REGISTER for it, as the writer knows it.</summary>
    public uint CSeq => _cseq;

    /// <summary>How its row in the store stands to it. For the writer.</summary>
    public RowState Row { get; set; }

    /// <summary>What an answer of its device showed.</summary>
    public Learned Learned
    {
        get => new(Volatile.Read(ref _learned));
        set => Volatile.Write(ref _learned, value.Packed);
    }

    /// <summary>The writer's view runs ahead.</summary>
    public void Renew(uint cseq, long expires) => (_cseq, _nextExpires) = (cseq, expires);

    /// <summary>The readers' view follows: the store has it.</summary>
    public void Renewed(long now)
    {
        Volatile.Write(ref _registered, now);
        Volatile.Write(ref _expires, _nextExpires);
    }
}

/// <summary>What the store's table has of a binding; the journal has the rest.</summary>
[Flags]
internal enum RowState : byte
{
    None = 0,

    /// <summary>Its row is there, but for what a refresh renews.</summary>
    Written = 1,

    /// <summary>It waits to be written to the table.</summary>
    Waiting = 2,

    /// <summary>It is gone, its row is to go.</summary>
    Removed = 4,

    /// <summary>Another one has its number and its row.</summary>
    Replaced = 8,
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>A message that waits for its recipient: what is known of it without reading it. Times are milliseconds since 1970. Changed under the lock of <see cref="Mailboxes"/>.</summary>
internal sealed class StoredMessage
{
    /// <summary>Its number in the store: a later message has a higher one.</summary>
    public required long Id { get; init; }

    /// <summary>What it has in common with its repetitions (<see cref="MessageKeys"/>).</summary>
    public required ulong Key { get; init; }

    /// <summary>The canonical address-of-record that it is for.</summary>
    public required string Aor { get; init; }

    /// <summary>Who sent it: the From URI, without its parameters.</summary>
    public required string Sender { get; init; }

    /// <summary>Whether the server did not believe that.</summary>
    public bool IsOfStranger { get; init; }

    /// <summary>Its Call-ID: the conversation in which it is delivered.</summary>
    public required string CallId { get; init; }

    /// <summary>The number in its CSeq.</summary>
    public required uint CSeq { get; init; }

    /// <summary>The tag of its From.</summary>
    public required string FromTag { get; init; }

    /// <summary>When it came.</summary>
    public required long Received { get; init; }

    /// <summary>When it need not be delivered any more.</summary>
    public required long Expires { get; init; }

    /// <summary>The media type of its body; empty where there is none.</summary>
    public required string Type { get; init; }

    /// <summary>Octets, headers included.</summary>
    public required int Size { get; init; }

    /// <summary>How many attempts devices have answered without taking it; then the next attempt is another transaction, and no repetition of the last one.</summary>
    public int Refusals { get; set; }

    /// <summary>How it stands with the devices that were tried in this run.</summary>
    public Dictionary<string, DeviceStand> Stands { get; } = new(StringComparer.Ordinal);

    /// <summary>Every device that was there will not have it: it waits for another one, and those after it need not wait for that.</summary>
    public bool IsSetAside { get; set; }

    /// <summary>How often it was tried since the server began.</summary>
    public int Attempts { get; set; }

    /// <summary>Why it was not delivered the last time; null when it was not tried since the server began.</summary>
    public string? Problem { get; set; }

    /// <summary>Not before: a device may yet answer the attempt that came with the request itself.</summary>
    public long NotBefore { get; set; }

    /// <summary>Where it is.</summary>
    public MessageState State { get; set; }

    /// <summary>It was tried, and no device took it.</summary>
    public void Note(DeliveryOutcome outcome, long now)
    {
        Problem = outcome.Said;
        Refusals += outcome.IsAnswered ? 1 : 0;
        foreach (DeviceAnswer answer in outcome.Answers)
        {
            StandOf(answer.Device).Note(answer, Refusals, now);
        }
    }

    /// <summary>Whether it may be offered to a device.</summary>
    public bool IsFor(string device, long now) => !Stands.TryGetValue(device, out DeviceStand? stand) || stand.NotBefore <= now;

    /// <summary>How it stands with a device.</summary>
    public DeviceStand StandOf(string device)
    {
        if (!Stands.TryGetValue(device, out DeviceStand? stand))
        {
            stand = Stands[device] = new DeviceStand { Transaction = Refusals };
        }

        return stand;
    }

    /// <summary>Whether it waits no more.</summary>
    public bool IsGone => State is MessageState.Over or MessageState.Never;
}

/// <summary>Where a message is.</summary>
internal enum MessageState
{
    /// <summary>The store does not have it yet.</summary>
    Coming,

    /// <summary>The store has it.</summary>
    Waiting,

    /// <summary>It is on its way to devices.</summary>
    Going,

    /// <summary>It was delivered or given up; the store does not know yet.</summary>
    Ending,

    /// <summary>It was delivered or given up, and the store knows.</summary>
    Over,

    /// <summary>The store never had it.</summary>
    Never,
}

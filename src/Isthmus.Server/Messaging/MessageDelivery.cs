// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Messaging;

/// <summary>
/// One attempt to deliver a message, to all devices of its user at once (RFC 3428 §6): read from the store, sent, and answered. From the first request on it is
/// confined to the owner of the message's conversation.
/// </summary>
internal sealed class MessageDelivery(Mailroom room, StoredMessage message) : IStoreWork
{
    private readonly List<DeviceAttempt> _attempts = [];
    private string[] _devices = [];
    private byte[]? _octets;
    private SipRequest? _request;
    private bool _isStarting;
    private bool _isOver;

    /// <summary>What serves it.</summary>
    public Mailroom Room => room;

    /// <summary>The message.</summary>
    public StoredMessage Message => message;

    public void Write(StoreConnection store)
    {
        _octets = MessageTable.Read(store, message.Id);
        room.Witness?.Invoke(MessageMoment.Read);
    }

    public void Done(string? problem)
    {
        if (problem is not null)
        {
            room.NotNow(message, DeliveryOutcome.Nobody(problem));
        }
        else if (_octets is null || SipParser.Parse(_octets, room.AnySize).Message is not SipRequest request)
        {
            room.GiveUp(message, "it cannot be read");
        }
        else
        {
            _request = request;
            room.Stack.RunIn(message.CallId, Send);
        }
    }

    /// <summary>Sends the copy for a target: in the transaction in which the device may have it already, or may have had it when it was forwarded.</summary>
    public ClientTransaction Send(in ProxyTarget target, DeviceAttempt attempt)
    {
        Span<byte> mark = stackalloc byte[Hex64.Length];
        Hex64.Write(room.Marks.LoopMarkOf(_request!), mark);
        ulong branch = room.Keys.BranchOf(message.Aor, _request!, attempt.Device, room.Boxes.TransactionOf(message, attempt.Device));
        return room.Stack.Send(Compose(target), target.NextHop, attempt, mark, branchId: branch);
    }

    /// <summary>A device has answered, will not answer, or has been silent for long.</summary>
    public void Heard()
    {
        if (_isOver || _isStarting)
        {
            return;
        }

        bool isTaken = _attempts.Exists(attempt => attempt.Reaction == Reaction.Taken);
        if (!_attempts.TrueForAll(attempt => attempt.Reaction is not null || (isTaken && attempt.IsLate)))
        {
            return;
        }

        _isOver = true;
        if (isTaken)
        {
            room.Delivered(message, [.. _attempts.Where(attempt => attempt is { HasSpoken: false, Reaction: null or Reaction.Absent }).Select(attempt => attempt.Device)]);
        }
        else
        {
            DeviceAttempt best = _attempts.MinBy(attempt => attempt.Reaction)!;
            room.NotNow(message, new(best.Said, _devices, [.. _attempts.Select(attempt => new DeviceAnswer(attempt.Device, attempt.Reaction!.Value, attempt.HasSpoken))]));
        }
    }

    private MessageEdit Compose(in ProxyTarget target)
    {
        MessageEdit edit = MessageEdit.Of(_request!).Remove(HeaderName.Via).Remove(HeaderName.Route).Remove(HeaderName.RecordRoute)
            .Replace(HeaderName.MaxForwards, Mailroom.MaxForwards).RequestUri(target.Binding!.RequestUri.Span);
        for (int i = target.Path.Count - 1; i >= 0; i--)
        {
            edit.Prepend(HeaderName.Route, target.Path[i].ToString());
        }

        // Its reader is to know how old it is (RFC 3428 §4).
        return _request!.Has(HeaderName.Date) ? edit
            : edit.Append(HeaderName.Date, DateTimeOffset.FromUnixTimeMilliseconds(message.Received).ToString("r", CultureInfo.InvariantCulture));
    }

    private void Send()
    {
        Device[] devices = [.. room.Location.Find(message.Aor).Where(device => !device.IsAway)];
        _devices = [.. devices.Select(device => device.Id)];
        _attempts.AddRange(room.Boxes.Choose(message, devices, room.Now).Take(room.MostBranches).Select(device => new DeviceAttempt(this, device)));
        if (_attempts.Count == 0)
        {
            _isOver = true;
            room.NotNow(message, new(devices.Length == 0 ? "no device is registered" : message.Problem ?? "no device will have it", _devices, []));
            return;
        }

        _isStarting = true;
        foreach (DeviceAttempt attempt in CollectionsMarshal.AsSpan(_attempts))
        {
            attempt.Start();
        }

        _isStarting = false;
        room.Witness?.Invoke(MessageMoment.Sent);
        Heard();
    }
}

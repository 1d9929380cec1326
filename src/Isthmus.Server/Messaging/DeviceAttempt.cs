// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Messaging;

/// <summary>A message on its way to one device: by one of its bindings, and by the next one where that cannot be sent to. Confined to the owner of the conversation.</summary>
internal sealed class DeviceAttempt(MessageDelivery delivery, Device device) : IClientTransactionUser
{
    private ProxyTarget _target;
    private ClientTransaction? _transaction;

    /// <summary>The device.</summary>
    public string Device => device.Id;

    /// <summary>What it makes of the message; null while that is not known.</summary>
    public Reaction? Reaction { get; private set; }

    /// <summary>What it said, for people.</summary>
    public string Said { get; private set; } = "";

    /// <summary>It has answered.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>It has been silent for longer than others are to wait for it.</summary>
    public bool IsLate { get; private set; }

    /// <summary>Sends it.</summary>
    public void Start()
    {
        if (!delivery.Room.Targets.TryFirst(device, IpVersion.V6, out _target))
        {
            End(Messaging.Reaction.Absent, "there is no way to the device");
            return;
        }

        Send();
    }

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (!response.IsProvisional)
        {
            HasSpoken |= Reaction is null;
            End(Messaging.Reaction.To(response.StatusCode), $"{response.StatusCode} {response.ReasonPhrase}");
        }
    }

    void IClientTransactionUser.OnTimeout(ClientTransaction transaction) => End(Messaging.Reaction.Absent, "no answer");

    void IClientTransactionUser.OnTransportError(ClientTransaction transaction, SocketError? error)
    {
        if (Reaction is not null)
        {
            return;
        }

        if (error == SocketError.MessageSize)
        {
            End(Messaging.Reaction.Refused, "it is too large for the way to the device");
        }
        else if (delivery.Room.Targets.TryNext(_target, out ProxyTarget next))
        {
            _target = next;
            Send();
        }
        else
        {
            End(Messaging.Reaction.Absent, error is { } known ? $"the device cannot be sent to ({known})" : "the device has closed its connection");
        }
    }

    void IClientTransactionUser.OnTimer(ClientTransaction transaction)
    {
        IsLate = true;
        delivery.Heard();
    }

    void IClientTransactionUser.OnTerminated(ClientTransaction transaction)
    {
        if (transaction == _transaction)
        {
            End(Messaging.Reaction.Absent, "no answer");
        }
    }

    private void Send()
    {
        _transaction = delivery.Send(_target, this);
        _transaction.SetTimer(delivery.Room.AnswerTime);
    }

    private void End(Reaction reaction, string said)
    {
        if (Reaction is null)
        {
            (Reaction, Said) = (reaction, said);
            delivery.Heard();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Receives for a UDP listener.</summary>
internal sealed class DatagramListener(Listener listener, Reception reception, DatagramWatch watch, StackCounters counters, Faults faults, StartGate gate) : IDatagramReceiver
{
    private readonly FlowCache _flows = new(listener);

    public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
    {
        // Keep-alives: empty datagrams and CRLF, and STUN (RFC 5626 §4.4.2), whose first two bits are 0 (RFC 8489 §5). No SIP message begins so.
        if (payload.TrimStart("\r\n\0"u8).IsEmpty || payload[0] < 4)
        {
            counters.Count(StackCounter.KeepAlives);
            return;
        }
        if (remote.Port == 0)
        {
            return; // forged: nobody can be answered there
        }
        gate.Pass();
        reception.Take(payload, _flows.Find(remote, localAddress), isStream: false);
    }

    public void Unreachable(IPEndPoint remote, SocketError error)
    {
        counters.Count(StackCounter.Unreachables);
        watch.Report(remote, error);
    }

    public void Faulted(Exception fault) => faults.Report(listener, fault);
}

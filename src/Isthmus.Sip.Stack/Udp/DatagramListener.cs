// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Receives for a UDP listener.</summary>
internal sealed class DatagramListener(Listener listener, Reception reception, DatagramWatch watch, StackCounters counters, StartGate gate) : IDatagramReceiver
{
    // Replaced, never changed, so that it needs no lock.
    private IPEndPoint _lastLocal = listener.LocalEndPoint;

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
        reception.Take(payload, new Flow(listener, LocalAt(localAddress), remote), isStream: false);
    }

    public void Unreachable(IPEndPoint remote, SocketError error)
    {
        counters.Count(StackCounter.Unreachables);
        foreach (var outgoing in watch.To(remote))
        {
            outgoing.Observer?.OnFailed(outgoing, error);
        }
    }

    private IPEndPoint LocalAt(IPAddress address)
    {
        var local = _lastLocal;
        if (!local.Address.Equals(address) || local.Port != listener.LocalEndPoint.Port)
        {
            _lastLocal = local = new IPEndPoint(address, listener.LocalEndPoint.Port);
        }
        return local;
    }
}

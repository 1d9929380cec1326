// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Testing;

internal sealed class MemoryDatagramSocket(MemoryNetwork network, MemoryHost host, IPEndPoint local, IDatagramReceiver receiver) : IDatagramSocket
{
    private const int LargestUdpPayload = 65507;

    private bool _closed;

    public IPEndPoint LocalEndPoint => local;

    public SocketError? Send(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress? fromLocal)
    {
        if (_closed)
        {
            return SocketError.NotSocket;
        }
        if (payload.Length > LargestUdpPayload)
        {
            return SocketError.MessageSize;
        }
        var from = fromLocal ?? (IsWildcard ? host.LocalAddressTowards(remote.Address) : local.Address);
        if (from is null || remote.AddressFamily != local.AddressFamily || !host.Addresses.Contains(from))
        {
            return SocketError.NetworkUnreachable;
        }
        var source = new IPEndPoint(from, local.Port);
        var to = network.Owner(remote.Address);
        var faults = network.FaultsBetween(host, to);
        var lost = faults.Blackhole.Has(remote.Address.Version) || faults.IsLost?.Invoke(host, remote.Address.Version) == true || payload.Length > faults.LargestDatagram || network.Happens(faults.Loss);
        network.Record(host, source, remote, isStream: false, payload, lost ? Fate.Lost : Fate.Sent);
        if (lost)
        {
            return null;
        }
        var bytes = payload.ToArray();
        for (var copies = network.Happens(faults.Duplication) ? 2 : 1; copies > 0; copies--)
        {
            var delay = faults.Delay + (network.Happens(faults.Reordering) ? faults.ReorderDelay : TimeSpan.Zero);
            network.After(delay, () => Arrive(bytes, source, remote, to, faults));
        }
        return null;
    }

    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            host.Free(this);
        }
    }

    private bool IsWildcard => local.Address.Equals(IPAddress.Any) || local.Address.Equals(IPAddress.IPv6Any);

    private void Arrive(byte[] bytes, IPEndPoint source, IPEndPoint destination, MemoryHost? to, LinkFaults faults)
    {
        if (to?.DatagramSocketAt(destination) is { } socket)
        {
            socket.Take(bytes, source, destination.Address);
        }
        else if (faults.ReportsUnreachable)
        {
            // No such port: ICMP from the host. No such address: the last router gives up asking for it after three seconds.
            var (error, delay) = to is null ? (SocketError.HostUnreachable, TimeSpan.FromSeconds(3)) : (SocketError.ConnectionRefused, faults.Delay);
            network.After(delay, () =>
            {
                if (!_closed)
                {
                    receiver.Unreachable(destination, error);
                }
            });
        }
    }

    private void Take(byte[] bytes, IPEndPoint source, IPAddress localAddress)
    {
        if (!_closed)
        {
            receiver.Received(bytes, source, localAddress);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Isthmus.Sip.Stack;

/// <summary>Opens listeners, one after the other, while what arrives waits at the gate.</summary>
internal sealed class ListenerOpening(INetwork network, ListenerTable listeners, ConnectionTable connections, StackCounters counters, ILogger logger)
{
    private readonly StartGate _gate = new();

    /// <summary>Takes what datagrams bring.</summary>
    public required Reception Reception { get; init; }

    /// <summary>Hears which datagrams did not arrive.</summary>
    public required DatagramWatch Watch { get; init; }

    /// <summary>Hears of exceptions.</summary>
    public required Faults Faults { get; init; }

    /// <summary>Opens every listener it can.</summary>
    /// <returns>What became of those that are not open.</returns>
    public List<ListenFault> OpenAll(IEnumerable<ListenerOptions> all)
    {
        var faults = new List<ListenFault>();
        foreach (var options in all)
        {
            if (Open(options) is { } fault)
            {
                faults.Add(fault);
                logger.NotListening(fault.Text);
            }
        }
        return faults;
    }

    /// <summary>What arrived is served now.</summary>
    public void OpenGate() => _gate.Open();

    private ListenFault? Open(ListenerOptions options)
    {
        if (options.Transport is not (SipTransport.Udp or SipTransport.Tcp))
        {
            return ListenFault.Of(options, SocketError.OperationNotSupported);
        }
        if (!network.Supports(options.Address.Version))
        {
            return ListenFault.Of(options, null);
        }
        var listener = new Listener(options);
        var at = listener.LocalEndPoint;
        try
        {
            if (options.Transport == SipTransport.Udp)
            {
                listener.Socket = network.BindDatagram(at, new DatagramListener(listener, Reception, Watch, counters, Faults, _gate), options.Shards);
                listener.Bound(listener.Socket.LocalEndPoint);
            }
            else
            {
                listener.Stream = Listen(at, new StreamListener(listener, connections, _gate));
                listener.Bound(listener.Stream.LocalEndPoint);
            }
        }
        catch (SocketException error)
        {
            return ListenFault.Of(options, error.SocketErrorCode);
        }
        listeners.Add(listener);
        logger.Listening(listener);
        return null;
    }

    // RFC 3261 §18.1.1 sends a long request by TCP to the port that is known for UDP: who takes any port has the same one for both, where it is free.
    private IStreamListener Listen(IPEndPoint at, StreamListener acceptor)
    {
        var sibling = at.Port != 0 ? null : listeners.All.FirstOrDefault(l => l.Transport == SipTransport.Udp && l.Options.Port == 0 && l.LocalEndPoint.Address.Equals(at.Address));
        if (sibling is not null)
        {
            try
            {
                return network.ListenStream(new IPEndPoint(at.Address, sibling.LocalEndPoint.Port), acceptor);
            }
            catch (SocketException)
            {
                // Taken by somebody else: any other one, then.
            }
        }
        return network.ListenStream(at, acceptor);
    }
}

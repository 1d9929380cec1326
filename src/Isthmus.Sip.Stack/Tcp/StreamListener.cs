// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Accepts for a stream listener.</summary>
internal sealed class StreamListener(Listener listener, ConnectionTable connections, StartGate gate) : IStreamAcceptor
{
    public IStreamReceiver? Accepted(IStreamConnection connection)
    {
        gate.Pass();
        return connections.Accept(listener, connection);
    }

    public void Faulted(Exception fault) => connections.Faults.Report(listener, fault);
}

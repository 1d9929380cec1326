// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Waits for a connection without having anything to send by it.</summary>
internal sealed class ConnectWait : Outgoing
{
    private readonly SipConnection _connection;
    private Action<Flow?, SocketError?>? _heard;

    private ConnectWait(SipConnection connection, Action<Flow?, SocketError?> heard) => (_connection, _heard, Path) = (connection, heard, connection.Flow);

    /// <summary>Calls <paramref name="heard"/> once: now, if there is nothing to wait for.</summary>
    public static void Begin(SipConnection connection, Action<Flow?, SocketError?> heard)
    {
        var wait = new ConnectWait(connection, heard);
        connection.Watch.Add(wait);
        if (!connection.IsWritable)
        {
            wait.OnFailed(null); // what it ended with was told to those who waited then
        }
        else if (!connection.IsConnecting)
        {
            wait.OnConnected();
        }
    }

    internal override void OnConnected() => Tell(_connection.Flow, null);

    internal override void OnFailed(SocketError? error) => Tell(null, error);

    private void Tell(Flow? flow, SocketError? error)
    {
        if (Interlocked.Exchange(ref _heard, null) is { } heard)
        {
            Done();
            heard(flow, error);
        }
    }
}

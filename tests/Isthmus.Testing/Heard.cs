// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip.Stack;

namespace Isthmus.Testing;

/// <summary>Writes down what a datagram socket hears.</summary>
public sealed class HeardDatagrams : IDatagramReceiver
{
    /// <summary>Payload as text, source, and the address it came to.</summary>
    public List<(string Text, IPEndPoint Remote, IPAddress Local)> Datagrams { get; } = [];

    /// <summary>What could not be reached.</summary>
    public List<(IPEndPoint Remote, SocketError Error)> Errors { get; } = [];

    /// <inheritdoc/>
    public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
    {
        lock (Datagrams)
        {
            Datagrams.Add((Encoding.UTF8.GetString(payload), remote, localAddress));
        }
    }

    /// <inheritdoc/>
    public void Unreachable(IPEndPoint remote, SocketError error)
    {
        lock (Errors)
        {
            Errors.Add((remote, error));
        }
    }
}

/// <summary>Writes down what a stream hears; as an acceptor it takes every connection into <see cref="Accepted"/>.</summary>
public sealed class HeardStream : IStreamReceiver, IStreamAcceptor
{
    /// <summary>All bytes so far, as text.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>What happened, in order: <c>connected</c>, <c>ended</c>, <c>closed</c> or <c>closed ERROR</c>.</summary>
    public List<string> Events { get; } = [];

    /// <summary>How many pieces the bytes came in.</summary>
    public int Pieces { get; private set; }

    /// <summary>The accepted connections with their receivers.</summary>
    public List<(IStreamConnection Connection, HeardStream Heard)> Accepted { get; } = [];

    /// <inheritdoc/>
    IStreamReceiver IStreamAcceptor.Accepted(IStreamConnection connection)
    {
        var heard = new HeardStream();
        lock (Events)
        {
            Accepted.Add((connection, heard));
        }
        return heard;
    }

    /// <inheritdoc/>
    public void Connected() => Add("connected");

    /// <inheritdoc/>
    public void Received(ReadOnlySpan<byte> bytes)
    {
        lock (Events)
        {
            Pieces++;
            Text.Append(Encoding.UTF8.GetString(bytes));
        }
    }

    /// <inheritdoc/>
    public void Ended() => Add("ended");

    /// <inheritdoc/>
    public void Closed(SocketError? reason) => Add(reason is null ? "closed" : $"closed {reason}");

    private void Add(string text)
    {
        lock (Events)
        {
            Events.Add(text);
        }
    }
}

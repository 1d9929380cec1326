// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip.Stack;

namespace Isthmus.Testing;

/// <summary>Lets a test wait until something it hears has come, without looking again and again.</summary>
public abstract class Heard
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Held while something is written down or looked at.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Waits until the condition holds; it is looked at after every change. Fails after 20 s.</summary>
    public async Task Until(Func<bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        while (true)
        {
            Task changed;
            lock (Gate)
            {
                if (condition())
                {
                    return;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(Patience);
        }
    }

    /// <summary>Writes something down.</summary>
    protected void Change(Action change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (Gate)
        {
            change();
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

/// <summary>Writes down what a datagram socket hears.</summary>
public sealed class HeardDatagrams : Heard, IDatagramReceiver
{
    /// <summary>Payload as text, source, and the address it came to.</summary>
    public List<(string Text, IPEndPoint Remote, IPAddress Local)> Datagrams { get; } = [];

    /// <summary>What could not be reached.</summary>
    public List<(IPEndPoint Remote, SocketError Error)> Errors { get; } = [];

    /// <inheritdoc/>
    public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
    {
        var text = Encoding.UTF8.GetString(payload);
        Change(() => Datagrams.Add((text, remote, localAddress)));
    }

    /// <inheritdoc/>
    public void Unreachable(IPEndPoint remote, SocketError error) => Change(() => Errors.Add((remote, error)));
}

/// <summary>Writes down what a stream hears; as an acceptor it takes every connection into <see cref="Accepted"/>.</summary>
public sealed class HeardStream : Heard, IStreamReceiver, IStreamAcceptor
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
        Change(() => Accepted.Add((connection, heard)));
        return heard;
    }

    /// <inheritdoc/>
    public void Connected() => Add("connected");

    /// <inheritdoc/>
    public void Received(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        Change(() =>
        {
            Pieces++;
            Text.Append(text);
        });
    }

    /// <inheritdoc/>
    public void Ended() => Add("ended");

    /// <inheritdoc/>
    public void Closed(SocketError? reason) => Add(reason is null ? "closed" : $"closed {reason}");

    private void Add(string text) => Change(() => Events.Add(text));
}

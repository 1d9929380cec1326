// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static Isthmus.Sip.Stack.LinuxSocketCalls;

namespace Isthmus.Sip.Stack;

/// <summary>One socket of a UDP address. Its loop's thread receives, in batches; any thread sends.</summary>
internal sealed unsafe class DatagramShard : IPolled
{
    private const int ControlSize = 64;
    private const int Tries = 3;
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly SafeSocketHandle _handle;
    private readonly IDatagramReceiver _receiver;
    private readonly Func<IPAddress, IPAddress?> _localTowards;
    private readonly EndPointCache _remotes = new();
    private readonly KnownEndPoint?[] _batch = new KnownEndPoint?[ReceiveBatch.Size];
    private readonly bool _isWildcard;
    private IPAddress _lastLocal;
    private volatile bool _closed;
    private volatile bool _mayFragment;

    /// <param name="owner">The address that it is a part of.</param>
    /// <param name="socket">Bound already; owned from now on.</param>
    /// <param name="receiver">Hears the datagrams.</param>
    /// <param name="loop">Its thread receives.</param>
    /// <param name="localTowards">The routing table, for datagrams that came to a group and so name no address of this host.</param>
    public DatagramShard(LinuxDatagramSocket owner, Socket socket, IDatagramReceiver receiver, SocketLoop loop, Func<IPAddress, IPAddress?> localTowards)
    {
        Owner = owner;
        _socket = socket;
        _handle = socket.SafeHandle;
        _receiver = receiver;
        Loop = loop;
        _localTowards = localTowards;
        var local = (IPEndPoint)socket.LocalEndPoint!;
        _lastLocal = local.Address;
        _isWildcard = local.Address.Equals(IPAddress.Any) || local.Address.Equals(IPAddress.IPv6Any);
    }

    public LinuxDatagramSocket Owner { get; }

    /// <summary>Its thread receives.</summary>
    public SocketLoop Loop { get; }

    public void Start() => Loop.Watch(this, _handle);

    /// <summary>Sends one datagram at once. Null: it left.</summary>
    public SocketError? Send(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress? fromLocal)
    {
        var name = stackalloc byte[NativeEndPoint.Size6];
        var control = stackalloc byte[ControlSize];
        fixed (byte* start = payload)
        {
            var buffer = new LinuxSocketCalls.Buffer { Start = start, Length = (nuint)payload.Length };
            var message = new CountedMessage
            {
                Header = new MessageHeader
                {
                    Name = name,
                    NameLength = (uint)NativeEndPoint.Write(remote, new Span<byte>(name, NativeEndPoint.Size6)),
                    Buffers = &buffer,
                    BufferCount = 1,
                    Control = control,
                    ControlLength = fromLocal is null ? 0 : SourceControl.Write(fromLocal, new Span<byte>(control, ControlSize)),
                },
            };
            var (_, error) = SendMany(&message, 1);
            return error switch { 0 => null, BadDescriptor => SocketError.NotSocket, _ => Translate(error) };
        }
    }

    /// <summary>Sends datagrams in order until one fails; answers how many left, and the error number of the one behind them.</summary>
    public (int Sent, int Error) SendMany(CountedMessage* messages, int count)
    {
        try
        {
            for (var tries = 1; ; tries++)
            {
                var sent = SendMessages(_handle, messages, (uint)count, DoNotWait | NoSignal);
                if (sent >= 0)
                {
                    if (sent < count)
                    {
                        FetchErrors(); // the call has taken the error off the socket without telling it, so nobody else would look
                    }
                    return (sent, 0);
                }
                switch (Marshal.GetLastPInvokeError())
                {
                    case Interrupted:
                        tries--;
                        break;
                    case TryAgain:
                        return (1, 0); // no room: lost, as any datagram may be
                    case MessageTooLong when tries < Tries:
                        MayFragment();
                        FetchErrors(); // or another one was too long for its way, further on
                        break;
                    case ConnectionRefused or HostUnreachable or NetworkUnreachable when tries < Tries:
                        // An ICMP error that waits on the socket fails the next call, whomever it is for: fetch it and try again.
                        FetchErrors();
                        break;
                    case var error:
                        return (0, error);
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return (0, BadDescriptor); // closed by another thread meanwhile
        }
    }

    /// <summary>Says that a gathered datagram could not leave.</summary>
    public void Refuse(ReadOnlySpan<byte> remote, int error)
    {
        if (!_closed && NativeEndPoint.Read(remote) is { } endPoint)
        {
            TellUnreachable(endPoint, Translate(error));
        }
    }

    /// <summary>Frees the socket. A call to the receiver that is under way on another thread is waited for, and there is none afterwards.</summary>
    public void Close()
    {
        _closed = true;
        Loop.Unwatch(this, LongestCall);
        _socket.Dispose();
    }

    public void OnReady(uint events, ReadBuffers buffers)
    {
        if ((events & PollCalls.Failed) != 0)
        {
            FetchErrors();
        }
        if ((events & (PollCalls.Readable | PollCalls.Failed)) != 0 && !_closed)
        {
            // To receive also takes an error off the socket that has no place in the queue; or there would be something for ever.
            Receive(buffers.Datagrams);
        }
    }

    public void OnFault(Exception fault) => Faults.Tell(_receiver.Faulted, fault);

    private void Receive(ReceiveBatch batch)
    {
        var count = batch.Receive(_handle);
        if (count < 0 && Marshal.GetLastPInvokeError() is not (TryAgain or Interrupted))
        {
            FetchErrors();
        }
        // All of them first: the processor fetches several from memory at a time, if it need not work a message in between.
        for (var i = 0; i < count; i++)
        {
            _batch[i] = _remotes.Find(batch.Name(i));
        }
        for (var next = 0; next < count; next++)
        {
            next = Deliver(batch, next, count);
        }
    }

    /// <summary>Hands datagrams on until one of them throws; answers which, or the count.</summary>
    private int Deliver(ReceiveBatch batch, int first, int count)
    {
        var i = first;
        try
        {
            for (; i < count && !_closed; i++)
            {
                if (_batch[i] is { } remote)
                {
                    _receiver.Received(batch.Payload(i), remote, _isWildcard ? LocalOf(batch.Control(i), remote) : _lastLocal);
                }
            }
        }
#pragma warning disable CA1031 // Those behind it are other senders'.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            OnFault(fault);
        }
        return i;
    }

    private IPAddress LocalOf(ReadOnlySpan<byte> control, IPEndPoint remote)
    {
        var bytes = SourceControl.Read(control, out var zone);
        if (bytes.IsEmpty)
        {
            return Owner.LocalEndPoint.Address;
        }
        Span<byte> last = stackalloc byte[16];
        var same = _lastLocal.TryWriteBytes(last, out var length) && last[..length].SequenceEqual(bytes)
            && (length == 4 || _lastLocal.ScopeId == 0 || _lastLocal.ScopeId == zone);
        if (!same)
        {
            _lastLocal = bytes.Length == 4 ? new IPAddress(bytes) : NativeEndPoint.Address6(bytes, zone);
        }
        return _lastLocal.IsIPv6Multicast ? _localTowards(remote.Address) ?? Owner.LocalEndPoint.Address : _lastLocal;
    }

    // Most servers never send what is longer than their links take. The first such datagram, an answer with many headers say, ends the saving for good.
    private void MayFragment()
    {
        if (!_mayFragment && Owner.LocalEndPoint.AddressFamily == AddressFamily.InterNetwork)
        {
            _mayFragment = true;
            LinuxDatagramSocket.SetPathDiscovery(_socket, always: false);
        }
    }

    /// <summary>Empties the socket's queue of ICMP errors.</summary>
    private void FetchErrors()
    {
        // As many as a burst may leave; what is left over comes up with the next error.
        for (var count = 0; count < 256 && !_closed && IcmpErrors.TryFetch(_handle, out var remote, out var error); count++)
        {
            if (remote is not null && error is { } known)
            {
                TellUnreachable(remote, known);
            }
        }
    }

    // Whoever sent something else, and finds the error on the socket, has nothing to do with it.
    private void TellUnreachable(IPEndPoint remote, SocketError error)
    {
        try
        {
            _receiver.Unreachable(remote, error);
        }
#pragma warning disable CA1031 // An error in the program, about one datagram.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            OnFault(fault);
        }
    }
}

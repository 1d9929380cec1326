// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Lab;

/// <summary>A socket that sees every frame of one interface of the namespace in which it was opened, both directions (packet(7)).</summary>
internal sealed class PacketSocket : IDisposable
{
    private const int BufferBytes = 16 * 1024 * 1024;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly int _descriptor;

    /// <summary>Opens it. <paramref name="patience"/> is how long <see cref="TryReceive"/> waits for a frame.</summary>
    public PacketSocket(string device, TimeSpan patience)
    {
        _descriptor = Checked(LinuxCalls.Socket(LinuxCalls.PacketFamily, LinuxCalls.RawCloseOnExec, LinuxCalls.AllProtocols), "a packet socket cannot be opened");
        try
        {
            uint index = LinuxCalls.InterfaceIndex(device);
            if (index == 0)
            {
                throw new IOException($"there is no interface {device}");
            }

            var address = new LinuxCalls.LinkAddress { Family = LinuxCalls.PacketFamily, Protocol = LinuxCalls.AllProtocols, Interface = (int)index };
            Checked(LinuxCalls.Bind(_descriptor, address, Unsafe.SizeOf<LinuxCalls.LinkAddress>()), $"{device} cannot be captured from");
            Checked(LinuxCalls.SetOption(_descriptor, LinuxCalls.SocketLevel, LinuxCalls.ReceiveBufferForce, BufferBytes, sizeof(int)), "no room for captured packets");
            var timeout = new LinuxCalls.Timespec { Fraction = (nint)patience.TotalMicroseconds };
            Checked(LinuxCalls.SetOption(_descriptor, LinuxCalls.SocketLevel, LinuxCalls.ReceiveTimeout, timeout, Unsafe.SizeOf<LinuxCalls.Timespec>()), "no timeout");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Frames that came while nobody took them and that were thrown away, since this was asked last.</summary>
    public uint TakeDropped()
    {
        int length = Unsafe.SizeOf<LinuxCalls.CaptureStatistics>();
        return LinuxCalls.GetOption(_descriptor, LinuxCalls.PacketLevel, LinuxCalls.PacketStatistics, out LinuxCalls.CaptureStatistics statistics, ref length) < 0 ? 0 : statistics.Dropped;
    }

    /// <summary>Takes the next frame with the time at which the kernel saw it; false when none came in time.</summary>
    public bool TryReceive(byte[] buffer, out CapturedPacket packet)
    {
        packet = default;
        nint length = LinuxCalls.Receive(_descriptor, buffer, (nuint)buffer.Length, 0);
        if (length < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error is TryAgain or Interrupted ? false : throw new IOException($"captured packets cannot be read: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        Checked(LinuxCalls.GetTime(_descriptor, LinuxCalls.TimeOfLastPacket, out LinuxCalls.Timespec time), "a captured packet has no time");
        packet = new CapturedPacket((time.Seconds * NanosecondsPerSecond) + time.Fraction, buffer.AsSpan(0, (int)length).ToArray());
        return true;
    }

    public void Dispose() => _ = LinuxCalls.Close(_descriptor);

    private static int Checked(int result, string problem) =>
        result >= 0 ? result : throw new IOException($"{problem}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}

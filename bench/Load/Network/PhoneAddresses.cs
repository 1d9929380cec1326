// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Net;

namespace Isthmus.Load;

/// <summary>
/// The addresses of the simulated phones. On IPv4 each has one of its own out of 127.0.0.0/8, all behind one socket; every octet that varies has three
/// digits, so that a message has the same length whoever sends it. On IPv6 loopback is one address.
/// </summary>
internal sealed record PhoneAddresses(PhoneRole Role, bool IsIPv4, int Phones)
{
    /// <summary>Digits of <see cref="WriteNet"/>.</summary>
    public const int NetLength = 7;

    /// <summary>The phones that can have an IPv4 address of their own.</summary>
    public const int MostPhones = Span * Span;

    private const int Span = 156;
    private const int Lowest = 100;

    /// <summary>What the sockets bind to.</summary>
    public IPAddress Bound => IsIPv4 ? IPAddress.Any : IPAddress.IPv6Loopback;

    /// <summary>The host as messages write it, with <c>{net}</c> for what differs between phones.</summary>
    public string HostTemplate(string net) => IsIPv4 ? $"127.{(int)Role}.{net}" : "[::1]";

    /// <summary>The IPv4 address of a phone, as the kernel stores it.</summary>
    public uint AddressOf(int phone)
    {
        int index = phone % Phones;
        return BitConverter.IsLittleEndian
            ? 127u | ((uint)Role << 8) | ((uint)(Lowest + (index / Span)) << 16) | ((uint)(Lowest + (index % Span)) << 24)
            : throw new PlatformNotSupportedException();
    }

    /// <summary>The phone that has this address.</summary>
    public static int PhoneAt(uint address) => ((int)((address >> 16) & 0xff) - Lowest) * Span + ((int)(address >> 24) - Lowest);

    /// <summary>Writes the last two octets: <c>100.100</c> to <c>255.255</c>.</summary>
    public void WriteNet(int phone, Span<byte> target)
    {
        int index = phone % Phones;
        Utf8Formatter.TryFormat(Lowest + (index / Span), target, out _);
        target[3] = (byte)'.';
        Utf8Formatter.TryFormat(Lowest + (index % Span), target[4..], out _);
    }
}

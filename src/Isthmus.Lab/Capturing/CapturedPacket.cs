// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>An Ethernet frame as it was captured.</summary>
/// <param name="Time">Nanoseconds since 1970, by the kernel's clock, which all namespaces share.</param>
/// <param name="Frame">From the Ethernet header on.</param>
internal readonly record struct CapturedPacket(long Time, ReadOnlyMemory<byte> Frame);

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>A file whose octets are on the disk when a write returns. Used by one thread at a time.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>Its octets.</summary>
    long Length { get; }

    /// <summary>Reads from an offset; answers how many octets, fewer than asked for only at the end.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    int Read(Span<byte> octets, long offset);

    /// <summary>Writes at an offset, at the end at most. When it returns, the octets survive a crash of the process and of the machine.</summary>
    /// <exception cref="IOException">What of them is on the disk is not known.</exception>
    void Write(ReadOnlySpan<byte> octets, long offset);
}

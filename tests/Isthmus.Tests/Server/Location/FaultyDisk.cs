// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;

namespace Isthmus.Tests.Server.Location;

/// <summary>A disk for a journal that ends a write in the middle: of its sectors each is there or not.</summary>
internal sealed class FaultyDisk(int seed)
{
    private const int Sector = 512;

    private readonly Random _random = new(seed);

    /// <summary>So many writes go well; the next one does not.</summary>
    public int GoodWrites { get; set; } = int.MaxValue;

    /// <summary>Whether nothing goes well after that: the power is gone. Else it is only this write that found no room.</summary>
    public bool LosesPower { get; init; }

    public IJournalFile Open(string path, bool isNew) => new Faulty(this, JournalFile.Open(path, isNew));

    private sealed class Faulty(FaultyDisk disk, JournalFile file) : IJournalFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> octets, long offset) => file.Read(octets, offset);

        public void Write(ReadOnlySpan<byte> octets, long offset)
        {
            if (disk.GoodWrites < 0 && disk.LosesPower)
            {
                throw new IOException("there is no power");
            }

            if (disk.GoodWrites-- != 0)
            {
                file.Write(octets, offset);
                return;
            }

            WriteSome(octets, offset);
            throw new IOException("No space left on device");
        }

        public void Dispose() => file.Dispose();

        // Within what is there already: the file does not become longer.
        private void WriteSome(ReadOnlySpan<byte> octets, long offset)
        {
            byte[] mixed = new byte[Math.Clamp(file.Length - offset, 0, octets.Length)];
            file.Read(mixed, offset);
            for (int start = 0; start < mixed.Length;)
            {
                int length = (int)Math.Min(mixed.Length - start, Sector - ((offset + start) % Sector));
                if (disk._random.Next(2) == 0)
                {
                    octets.Slice(start, length).CopyTo(mixed.AsSpan(start));
                }

                start += length;
            }

            file.Write(mixed, offset);
        }
    }
}

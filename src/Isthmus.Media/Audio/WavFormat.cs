// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Media;

/// <summary>The parts of a RIFF WAVE file that matter here: 16-bit PCM, any rate, mono or stereo.</summary>
internal readonly record struct WavFormat(int SampleRate, int Channels)
{
    public const int HeaderLength = 44;

    private const ushort Pcm = 1;
    private const ushort Extensible = 0xfffe;
    private const int MaxChunks = 1000;

    /// <summary>Finds format and samples; the reason says what is wrong for a person.</summary>
    public static bool TryParse(ReadOnlySpan<byte> file, out WavFormat format, out ReadOnlySpan<byte> data, out string? error)
    {
        format = default;
        data = default;
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file.Slice(8, 4).SequenceEqual("WAVE"u8))
            return Fail("not a WAV file (it does not begin with RIFF … WAVE)", out error);

        bool hasFormat = false;
        int at = 12;
        for (int chunks = 0; chunks < MaxChunks && at + 8 <= file.Length; chunks++)
        {
            ReadOnlySpan<byte> name = file.Slice(at, 4);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            ReadOnlySpan<byte> rest = file[(at + 8)..];
            if (name.SequenceEqual("fmt "u8))
            {
                if (rest.Length < 16 || size < 16)
                    return Fail("the WAV file's format chunk is cut short", out error);
                if (!TryParseFormat(rest, size, out format, out error))
                    return false;
                hasFormat = true;
            }
            else if (name.SequenceEqual("data"u8))
            {
                // A recorder that died leaves 0 or too large a size: what is there counts.
                data = size == 0 || size > rest.Length ? rest : rest[..(int)size];
                if (!hasFormat)
                    return Fail("the WAV file has samples before their format", out error);
                error = null;
                return true;
            }

            long next = at + 8L + size + (size & 1);
            if (next > file.Length)
                break;
            at = (int)next;
        }

        return Fail("the WAV file has no samples (no data chunk)", out error);
    }

    /// <summary>Writes a header for 8 kHz mono of <paramref name="dataLength"/> bytes.</summary>
    public static void WriteHeader(Span<byte> header, uint dataLength)
    {
        const int blockAlign = sizeof(short);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], dataLength + HeaderLength - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], Pcm);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], AudioFrame.SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], AudioFrame.SampleRate * blockAlign);
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], blockAlign);
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataLength);
    }

    private static bool TryParseFormat(ReadOnlySpan<byte> chunk, uint size, out WavFormat format, out string? error)
    {
        format = default;
        ushort code = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (code == Extensible && size >= 26 && chunk.Length >= 26)
            code = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        ushort channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        ushort bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (code != Pcm)
            return Fail($"the WAV file is compressed (format {code}); 16-bit PCM is needed", out error);
        if (bits != 16)
            return Fail($"the WAV file has {bits} bits a sample; 16 are needed", out error);
        if (channels is not (1 or 2))
            return Fail($"the WAV file has {channels} channels; mono or stereo is needed", out error);
        if (rate is < 4000 or > 192000)
            return Fail($"the WAV file has a sample rate of {rate} Hz; 4000 to 192000 are understood", out error);
        format = new WavFormat((int)rate, channels);
        error = null;
        return true;
    }

    private static bool Fail(string reason, out string? error)
    {
        error = reason;
        return false;
    }
}

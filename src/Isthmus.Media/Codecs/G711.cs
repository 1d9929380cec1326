// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>G.711: 16-bit linear to 8-bit µ-law or A-law and back, by tables made once from the law.</summary>
public static class G711
{
    private const int MuBias = 33; // in 14-bit units

    private static readonly short[] MuToLinear = Table(DecodeMu);
    private static readonly short[] AToLinear = Table(DecodeA);
    private static readonly byte[] LinearToMu = Table(14, EncodeMu);
    private static readonly byte[] LinearToA = Table(13, EncodeA);

    /// <summary>Encodes as many samples as both spans hold.</summary>
    public static int Encode(AudioCodec codec, ReadOnlySpan<short> samples, Span<byte> encoded)
    {
        int count = Math.Min(samples.Length, encoded.Length);
        (byte[] table, int shift) = codec == AudioCodec.Pcmu ? (LinearToMu, 2) : (LinearToA, 3);
        for (int i = 0; i < count; i++)
            encoded[i] = table[(ushort)samples[i] >> shift];
        return count;
    }

    /// <summary>Decodes as many octets as both spans hold.</summary>
    public static int Decode(AudioCodec codec, ReadOnlySpan<byte> encoded, Span<short> samples)
    {
        int count = Math.Min(samples.Length, encoded.Length);
        short[] table = codec == AudioCodec.Pcmu ? MuToLinear : AToLinear;
        for (int i = 0; i < count; i++)
            samples[i] = table[encoded[i]];
        return count;
    }

    private static short DecodeMu(byte code)
    {
        int bits = ~code & 0xff;
        int magnitude = ((((bits & 0x0f) << 1) + MuBias) << ((bits >> 4) & 7)) - MuBias;
        return (short)(4 * ((bits & 0x80) != 0 ? -magnitude : magnitude));
    }

    private static byte EncodeMu(int linear)
    {
        int magnitude = Math.Min((linear < 0 ? ~linear : linear) + MuBias, 0x1fff);
        int segment = int.Log2(magnitude) - 5;
        int bits = (linear < 0 ? 0x80 : 0) | (segment << 4) | ((magnitude >> (segment + 1)) & 0x0f);
        return (byte)~bits;
    }

    private static short DecodeA(byte code)
    {
        int bits = code ^ 0x55;
        int segment = (bits >> 4) & 7;
        int magnitude = ((bits & 0x0f) << 1) + (segment == 0 ? 1 : 33);
        magnitude <<= Math.Max(0, segment - 1);
        return (short)(8 * ((bits & 0x80) != 0 ? magnitude : -magnitude));
    }

    private static byte EncodeA(int linear)
    {
        int magnitude = linear < 0 ? ~linear : linear;
        int segment = Math.Max(0, int.Log2(magnitude | 1) - 4);
        int bits = (linear < 0 ? 0 : 0x80) | (segment << 4) | ((magnitude >> Math.Max(1, segment)) & 0x0f);
        return (byte)(bits ^ 0x55);
    }

    private static short[] Table(Func<byte, short> decode) => [.. Enumerable.Range(0, 256).Select(code => decode((byte)code))];

    /// <summary>Indexed by the sample's upper <paramref name="bits"/> bits, two's complement.</summary>
    private static byte[] Table(int bits, Func<int, byte> encode) =>
        [.. Enumerable.Range(0, 1 << bits).Select(index => encode(index << (32 - bits) >> (32 - bits)))];
}

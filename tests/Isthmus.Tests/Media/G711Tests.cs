// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class G711Tests
{
    // G.711 tables 1a to 2b: decoder outputs y_n, in 14-bit (µ) and 13-bit (A) units, here times 4 and 8.
    [Theory]
    [InlineData(AudioCodec.Pcmu, 0xff, 0)]
    [InlineData(AudioCodec.Pcmu, 0x7f, 0)]
    [InlineData(AudioCodec.Pcmu, 0xfe, 8)]
    [InlineData(AudioCodec.Pcmu, 0x7e, -8)]
    [InlineData(AudioCodec.Pcmu, 0xef, 132)]
    [InlineData(AudioCodec.Pcmu, 0x80, 32124)]
    [InlineData(AudioCodec.Pcmu, 0x00, -32124)]
    [InlineData(AudioCodec.Pcma, 0xd5, 8)]
    [InlineData(AudioCodec.Pcma, 0x55, -8)]
    [InlineData(AudioCodec.Pcma, 0xd4, 24)]
    [InlineData(AudioCodec.Pcma, 0xaa, 32256)]
    [InlineData(AudioCodec.Pcma, 0x2a, -32256)]
    public void Decode_KnownCode_GivesTheTablesValue(AudioCodec codec, byte code, short expected)
    {
        short[] samples = new short[1];
        Assert.Equal(1, G711.Decode(codec, [code], samples));
        Assert.Equal(expected, samples[0]);
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu, 0, 0xff)]
    [InlineData(AudioCodec.Pcmu, 32767, 0x80)]
    [InlineData(AudioCodec.Pcmu, -32768, 0x00)]
    [InlineData(AudioCodec.Pcma, 0, 0xd5)]
    [InlineData(AudioCodec.Pcma, 32767, 0xaa)]
    [InlineData(AudioCodec.Pcma, -32768, 0x2a)]
    public void Encode_Extremes_GiveTheTablesCode(AudioCodec codec, short sample, byte expected)
    {
        byte[] code = new byte[1];
        Assert.Equal(1, G711.Encode(codec, [sample], code));
        Assert.Equal(expected, code[0]);
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu)]
    [InlineData(AudioCodec.Pcma)]
    public void EncodeDecode_EveryCode_IsStable(AudioCodec codec)
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        short[] samples = new short[256];
        byte[] again = new byte[256];
        G711.Decode(codec, codes, samples);
        G711.Encode(codec, samples, again);
        short[] samplesAgain = new short[256];
        G711.Decode(codec, again, samplesAgain);
        Assert.Equal(samples, samplesAgain); // µ-law has two codes for zero
        Assert.True(codes.Zip(again).Count(pair => pair.First != pair.Second) <= 1);
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu, 33 * 4)]
    [InlineData(AudioCodec.Pcma, 32 * 8)]
    public void EncodeDecode_EverySample_StaysWithinHalfAStep(AudioCodec codec, int smallest)
    {
        short[] samples = [.. Enumerable.Range(short.MinValue, 65536).Select(sample => (short)sample)];
        byte[] codes = new byte[samples.Length];
        short[] decoded = new short[samples.Length];
        G711.Encode(codec, samples, codes);
        G711.Decode(codec, codes, decoded);
        for (int i = 0; i < samples.Length; i++)
        {
            // A step is 1/16 of its segment's first value; the outermost values are clipped.
            int bound = (Math.Max(smallest, Math.Abs((int)samples[i]) + smallest) / 32) + 8 + (Math.Abs((int)samples[i]) > 32000 ? 700 : 0);
            Assert.True(Math.Abs(samples[i] - decoded[i]) <= bound, $"{samples[i]} became {decoded[i]}");
            if (i > 0)
                Assert.True(decoded[i] >= decoded[i - 1], $"not monotonic at {samples[i]}");
        }
    }

    [Fact]
    public void TryFind_Names_InAnyCase()
    {
        Assert.True(AudioCodecs.TryFind("pcma", out AudioCodec codec));
        Assert.Equal(AudioCodec.Pcma, codec);
        Assert.Equal((byte)8, codec.StaticPayloadType);
        Assert.True(AudioCodecs.TryFind("PCMU", out codec));
        Assert.Equal("PCMU", codec.EncodingName);
        Assert.False(AudioCodecs.TryFind("opus", out _));
    }
}

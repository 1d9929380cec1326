// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class AudioTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"isthmus-{Guid.NewGuid():N}.wav");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(80)]
    [InlineData(440)]
    [InlineData(443)]
    [InlineData(1004)]
    [InlineData(3456)]
    public void ToneDetector_Tone_IsNamed(double frequency)
    {
        ToneReading reading = ToneDetector.Analyse(Read(new ToneSource(frequency, -20), 1600));
        Assert.True(reading.IsTone(frequency, 2), $"{reading}");
        Assert.InRange(reading.LevelDb, -20.5, -19.5);
        Assert.True(reading.Purity > 0.98, $"{reading}");
    }

    [Fact]
    public void ToneDetector_NoiseSilenceAndTwoTones_AreNotClean()
    {
        Random random = new(1);
        short[] noise = [.. Enumerable.Range(0, 1600).Select(_ => (short)random.Next(-8000, 8000))];
        Assert.False(ToneDetector.Analyse(noise).IsClean);
        Assert.False(ToneDetector.Analyse(new short[1600]).IsClean);
        Assert.False(ToneDetector.Analyse([]).IsClean);
        short[] two = [.. Read(new ToneSource(440), 1600).Zip(Read(new ToneSource(1000), 1600), (a, b) => (short)(a + b))];
        Assert.False(ToneDetector.Analyse(two).IsClean);
        Assert.InRange(ToneDetector.Analyse(two).Purity, 0.45, 0.55);
    }

    [Fact]
    public void ToneDetector_Heard_IsTheToneOfTheMajority()
    {
        using ToneDetector detector = new();
        Assert.Null(detector.Heard);
        detector.Write(Read(new ToneSource(700), 1600));
        detector.Write(new short[3200]);
        detector.Write(Read(new ToneSource(440), 4800));
        Assert.True(detector.Heard!.Value.IsTone(440));
        Assert.Equal((6, 4), (detector.Windows, detector.CleanWindows));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4000, 0)]
    [InlineData(440, 1)]
    public void ToneSource_OutOfRange_Throws(double frequency, double level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ToneSource(frequency, level));

    [Fact]
    public void LevelMeter_KnownTone_IsRight()
    {
        using LevelMeter meter = new();
        Assert.Equal(-96, meter.LevelDb);
        short[] tone = Read(new ToneSource(1000, -30), 8000);
        for (int i = 0; i < 50; i++)
            meter.Write(tone.AsSpan(i * 160, 160));
        Assert.InRange(meter.LevelDb, -30.2, -29.8);
        Assert.InRange(meter.PeakDb, -30.2, -29.8);
    }

    [Fact]
    public void WavSink_Written_IsReadBack()
    {
        short[] tone = Read(new ToneSource(440), 16000);
        Record(tone);
        Assert.Equal(44 + 32000, new FileInfo(_path).Length);
        Assert.True(WavSource.TryOpen(_path, loop: false, out WavSource? source, out _));
        Assert.Equal(TimeSpan.FromSeconds(2), source.Duration);
        Assert.Equal(tone, Read(source, 16000));
        Assert.True(source.IsAtEnd);
        Assert.Equal(0, source.Read(new short[160]));
    }

    [Fact]
    public void WavSink_NotClosed_PlaysUpToItsLastSecond()
    {
        Assert.True(WavSink.TryCreate(_path, out WavSink? sink, out _));
        sink.Write(Read(new ToneSource(440), 8000));
        sink.Write(Read(new ToneSource(440), 4000));

        byte[] asIfKilled = Snapshot();
        sink.Dispose();
        sink.Dispose();
        sink.Write(new short[160]);

        Assert.True(WavFormat.TryParse(asIfKilled, out _, out ReadOnlySpan<byte> data, out _));
        Assert.Equal(16000, data.Length);
        Assert.True(WavFormat.TryParse(Snapshot(), out _, out data, out _));
        Assert.Equal(24000, data.Length);
    }

    [Fact]
    public void WavSource_Loop_BeginsAgain()
    {
        Record([1, 2, 3]);
        Assert.True(WavSource.TryOpen(_path, loop: true, out WavSource? source, out _));
        Assert.Equal([1, 2, 3, 1, 2, 3, 1], Read(source, 7));
        Assert.False(source.IsAtEnd);
    }

    [Theory]
    [InlineData(8000, 2)]
    [InlineData(16000, 1)]
    [InlineData(44100, 2)]
    [InlineData(48000, 1)]
    [InlineData(11025, 1)]
    [InlineData(6000, 1)]
    public void WavSource_OtherRates_KeepTheTone(int rate, int channels)
    {
        byte[] pcm = new byte[rate * channels * 2];
        for (int i = 0; i < rate * channels; i++)
            BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(i * 2), (short)(10000 * Math.Sin(Math.Tau * 440 * (i / channels) / rate)));
        File.WriteAllBytes(_path, Wav(rate, channels, 16, 1, pcm));
        Assert.True(WavSource.TryOpen(_path, loop: false, out WavSource? source, out string? error), error);
        Assert.InRange(source.Duration.TotalSeconds, 0.99, 1.01);
        Assert.True(ToneDetector.Analyse(Read(source, 1600)).IsTone(440, 2));
    }

    [Fact]
    public void WavSource_Faulty_SaysWhat()
    {
        Assert.Contains("not a WAV file", ErrorOf([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("8 bits", ErrorOf(Wav(8000, 1, 8, 1, new byte[10])), StringComparison.Ordinal);
        Assert.Contains("compressed (format 7)", ErrorOf(Wav(8000, 1, 16, 7, new byte[10])), StringComparison.Ordinal);
        Assert.Contains("6 channels", ErrorOf(Wav(8000, 6, 16, 1, new byte[10])), StringComparison.Ordinal);
        Assert.Contains("1 Hz", ErrorOf(Wav(1, 1, 16, 1, new byte[10])), StringComparison.Ordinal);
        Assert.Contains("no samples", ErrorOf(Wav(8000, 1, 16, 1, [])), StringComparison.Ordinal);
        Assert.Contains("no data chunk", ErrorOf(Wav(8000, 1, 16, 1, [])[..36]), StringComparison.Ordinal);
        Assert.False(WavSource.TryOpen(_path + ".missing", false, out _, out string? error));
        Assert.Contains(".missing", error, StringComparison.Ordinal);
        Assert.False(WavSink.TryCreate(Path.Combine(_path, "below"), out _, out error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void WavFormat_MutatedFiles_NeverThrow()
    {
        byte[] good = Wav(8000, 1, 16, 1, new byte[64]);
        Random random = new(1);
        for (int i = 0; i < 5000; i++)
        {
            byte[] bad = good[..random.Next(good.Length + 1)];
            for (int j = 0; j < 3 && bad.Length > 0; j++)
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            if (WavFormat.TryParse(bad, out WavFormat format, out ReadOnlySpan<byte> data, out _))
                Resampler.ToTelephone(data, format);
        }
    }

    private static short[] Read(IAudioSource source, int count)
    {
        short[] samples = new short[count];
        source.Read(samples);
        return samples;
    }

    private static byte[] Wav(int rate, int channels, int bits, int code, byte[] data)
    {
        byte[] file = [.. new byte[WavFormat.HeaderLength], .. data];
        WavFormat.WriteHeader(file, (uint)data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(20), (ushort)code);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(22), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), rate);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(34), (ushort)bits);
        return file;
    }

    private void Record(short[] samples)
    {
        Assert.True(WavSink.TryCreate(_path, out WavSink? sink, out _));
        sink.Write(samples);
        sink.Dispose();
        Assert.Null(sink.Error);
    }

    private byte[] Snapshot()
    {
        using FileStream file = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private string ErrorOf(byte[] file)
    {
        File.WriteAllBytes(_path, file);
        Assert.False(WavSource.TryOpen(_path, false, out _, out string? error));
        Assert.StartsWith(_path, error, StringComparison.Ordinal);
        return error;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Media;

/// <summary>Plays a WAV file: 16-bit PCM, mono or stereo, any rate. The file is read whole when it is opened.</summary>
public sealed class WavSource : IAudioSource
{
    private const long MaxBytes = 256L << 20;

    private readonly short[] _samples;
    private readonly bool _loop;
    private int _position;

    private WavSource(short[] samples, bool loop)
    {
        _samples = samples;
        _loop = loop;
    }

    /// <summary>How long the file plays.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(_samples.Length / (double)AudioFrame.SampleRate);

    /// <summary>True once everything was played; never where it loops.</summary>
    public bool IsAtEnd => !_loop && Volatile.Read(ref _position) >= _samples.Length;

    /// <summary>False with a reason for a person when the file cannot be read or is not such a file.</summary>
    public static bool TryOpen(string path, bool loop, [NotNullWhen(true)] out WavSource? source, [NotNullWhen(false)] out string? error)
    {
        source = null;
        byte[] file;
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MaxBytes)
            {
                error = $"{path}: larger than {MaxBytes >> 20} MiB";
                return false;
            }

            file = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"{path}: {exception.Message}";
            return false;
        }

        if (!WavFormat.TryParse(file, out WavFormat format, out ReadOnlySpan<byte> data, out string? reason))
        {
            error = $"{path}: {reason}";
            return false;
        }

        short[] samples = Resampler.ToTelephone(data, format);
        if (samples.Length == 0)
        {
            error = $"{path}: the WAV file has no samples";
            return false;
        }

        source = new WavSource(samples, loop);
        error = null;
        return true;
    }

    public int Read(Span<short> frame)
    {
        int written = 0;
        while (written < frame.Length && _position < _samples.Length)
        {
            int take = Math.Min(frame.Length - written, _samples.Length - _position);
            _samples.AsSpan(_position, take).CopyTo(frame[written..]);
            written += take;
            int next = _position + take;
            Volatile.Write(ref _position, _loop && next == _samples.Length ? 0 : next);
        }

        return written;
    }

    public void Dispose()
    {
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Isthmus.Media;

/// <summary>
/// Records to a WAV file, 8 kHz mono 16-bit PCM. The header is corrected every second and when the sink is disposed, so
/// that a recording that ended abruptly plays up to its last whole second at least.
/// </summary>
public sealed class WavSink : IAudioSink
{
    private const int HeaderEverySamples = AudioFrame.SampleRate;
    private const uint MaxDataBytes = uint.MaxValue - WavFormat.HeaderLength - 1;

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private uint _dataBytes;
    private int _samplesSinceHeader;
    private bool _closed;
    private string? _error;

    private WavSink(FileStream file) => _file = file;

    /// <summary>Why recording stopped (a full disk); null while all is well.</summary>
    public string? Error
    {
        get
        {
            lock (_gate)
                return _error;
        }
    }

    /// <summary>Creates or overwrites <paramref name="path"/>; false with a reason for a person.</summary>
    public static bool TryCreate(string path, [NotNullWhen(true)] out WavSink? sink, [NotNullWhen(false)] out string? error)
    {
        sink = null;
        try
        {
            WavSink created = new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 32768));
            created.WriteHeader();
            sink = created;
            error = null;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = $"{path}: {exception.Message}";
            return false;
        }
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        lock (_gate)
        {
            if (_closed || _error is not null)
                return;
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(frame);
            if (_dataBytes > MaxDataBytes - bytes.Length)
            {
                _error = "the recording has reached the size that a WAV file can have";
                return;
            }

            try
            {
                Append(frame);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _error = exception.Message;
            }
        }
    }

    /// <summary>Corrects the header and closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            try
            {
                if (_error is null)
                    WriteHeader();
                _file.Dispose();
            }
            catch (IOException exception)
            {
                _error = exception.Message;
            }
        }
    }

    private void Append(ReadOnlySpan<short> frame)
    {
        if (BitConverter.IsLittleEndian)
        {
            _file.Write(MemoryMarshal.AsBytes(frame));
        }
        else
        {
            foreach (short sample in frame)
                _file.Write([(byte)sample, (byte)(sample >> 8)]);
        }

        _dataBytes += (uint)(frame.Length * sizeof(short));
        _samplesSinceHeader += frame.Length;
        if (_samplesSinceHeader >= HeaderEverySamples)
        {
            _samplesSinceHeader = 0;
            WriteHeader();
        }
    }

    private void WriteHeader()
    {
        Span<byte> header = stackalloc byte[WavFormat.HeaderLength];
        WavFormat.WriteHeader(header, _dataBytes);
        _file.Seek(0, SeekOrigin.Begin);
        _file.Write(header);
        _file.Seek(0, SeekOrigin.End);
        _file.Flush();
    }
}

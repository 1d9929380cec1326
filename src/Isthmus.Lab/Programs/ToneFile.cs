// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;

namespace Isthmus.Lab;

/// <summary>A WAV file with a tone, for programs that play files.</summary>
internal static class ToneFile
{
    public static void Write(string path, double hertz, int seconds)
    {
        if (!WavSink.TryCreate(path, out WavSink? file, out string? error))
        {
            throw new LabException(error);
        }

        using (file)
        {
            using var tone = new ToneSource(hertz);
            Span<short> frame = stackalloc short[160];
            for (int i = 0; i < seconds * 50; i++)
            {
                tone.Read(frame);
                file.Write(frame);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Media;
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>What a call plays and where what it hears goes. The tone it hears is recognised beside that.</summary>
internal sealed class CallSound(string play, string? record) : ICallAudio
{
    private const string Tone = "tone:";

    /// <summary>The tone that the last call heard.</summary>
    public ToneDetector Heard { get; } = new();

    /// <summary>What is wrong with what is to be played; null when nothing is.</summary>
    public static string? Check(string play)
    {
        if (play == "silence" || TryTone(play, out _))
        {
            return null;
        }

        if (play.StartsWith(Tone, StringComparison.Ordinal))
        {
            return $"'{play}' is not a tone: expected tone:FREQUENCY, 20 to 3900 Hz";
        }

        if (!WavSource.TryOpen(play, loop: true, out WavSource? source, out string? error))
        {
            return error;
        }

        source.Dispose();
        return null;
    }

    public CallAudio Open(Call call) => new(Source(), Sink());

    private static bool TryTone(string play, out double frequency)
    {
        frequency = 0;
        return play.StartsWith(Tone, StringComparison.Ordinal)
            && double.TryParse(play.AsSpan(Tone.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out frequency) && frequency is >= 20 and <= 3900;
    }

    private IAudioSource Source() =>
        TryTone(play, out double frequency) ? new ToneSource(frequency)
        : play != "silence" && WavSource.TryOpen(play, loop: true, out WavSource? wav, out _) ? wav
        : SilenceSource.Instance;

    private IAudioSink Sink() => record is not null && WavSink.TryCreate(record, out WavSink? file, out _) ? new SinkGroup(Heard, file) : Heard;
}

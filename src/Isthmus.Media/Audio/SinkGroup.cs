// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Gives every frame to several sinks, and disposes them together.</summary>
public sealed class SinkGroup(params IReadOnlyList<IAudioSink> sinks) : IAudioSink
{
    public void Write(ReadOnlySpan<short> frame)
    {
        for (int i = 0; i < sinks.Count; i++)
            sinks[i].Write(frame);
    }

    public void Dispose()
    {
        foreach (IAudioSink sink in sinks)
            sink.Dispose();
    }
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Silence, for ever.</summary>
public sealed class SilenceSource : IAudioSource
{
    private SilenceSource()
    {
    }

    /// <summary>It has no state: one is enough.</summary>
    public static SilenceSource Instance { get; } = new();

    public int Read(Span<short> frame)
    {
        frame.Clear();
        return frame.Length;
    }

    public void Dispose()
    {
    }
}

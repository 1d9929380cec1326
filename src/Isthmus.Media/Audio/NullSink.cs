// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>Hears nothing.</summary>
public sealed class NullSink : IAudioSink
{
    private NullSink()
    {
    }

    /// <summary>It has no state: one is enough.</summary>
    public static NullSink Instance { get; } = new();

    public void Write(ReadOnlySpan<short> frame)
    {
    }

    public void Dispose()
    {
    }
}

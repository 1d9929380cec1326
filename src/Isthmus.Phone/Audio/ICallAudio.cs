// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Gives each call its sound.</summary>
public interface ICallAudio
{
    /// <summary>Called once a call, before its media is opened. Must return quickly.</summary>
    CallAudio Open(Call call);

    /// <summary>Called once a call, after its media is closed. The default disposes both ends.</summary>
    void Close(Call call, CallAudio audio)
    {
        audio.Source.Dispose();
        audio.Sink.Dispose();
    }
}

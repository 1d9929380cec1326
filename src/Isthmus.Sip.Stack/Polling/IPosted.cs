// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Whoever has something to do on the thread of a <see cref="SocketLoop"/>.</summary>
internal interface IPosted : ILooped
{
    /// <summary>Somebody asked for this call, which comes after the others of the round.</summary>
    void OnPosted();
}

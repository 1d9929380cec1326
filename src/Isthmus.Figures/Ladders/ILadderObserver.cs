// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Figures;

/// <summary>Is told of a ladder as it grows. Called from the threads that send, one call at a time.</summary>
public interface ILadderObserver
{
    /// <summary>A message was sent.</summary>
    void OnArrow(Arrow arrow);

    /// <summary>A remark was made.</summary>
    void OnNote(LadderNote note);
}

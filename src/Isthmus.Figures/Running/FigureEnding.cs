// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Figures;

/// <summary>How the call of a figure ends (row "bye" of the figures).</summary>
public enum FigureEnding
{
    /// <summary>They talk, and the caller hangs up.</summary>
    CallerHangsUp,

    /// <summary>They talk, and the called terminal hangs up.</summary>
    CalleeHangsUp,

    /// <summary>The called terminal rejects the call.</summary>
    CalleeRejects,

    /// <summary>The caller cancels while the called terminal rings.</summary>
    CallerCancels,
}

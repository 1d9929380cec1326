// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The states of a dialog (RFC 3261 §12).</summary>
public enum DialogState : byte
{
    /// <summary>Made by a provisional response with a To tag.</summary>
    Early,

    /// <summary>Made or confirmed by a 2xx.</summary>
    Confirmed,

    /// <summary>Over.</summary>
    Terminated,
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Whether a request fits into its dialog (RFC 3261 §12.2.2).</summary>
public enum DialogCheck : byte
{
    /// <summary>It does; the dialog has taken note of it.</summary>
    InOrder,

    /// <summary>A request with a higher CSeq was here before: answer 500.</summary>
    OutOfOrder,

    /// <summary>The dialog is over: answer 481.</summary>
    Terminated,
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Who has put a call on hold (RFC 3264 §8.4).</summary>
[Flags]
public enum HoldState
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>This phone.</summary>
    Local = 1,

    /// <summary>The other side.</summary>
    Remote = 2,

    /// <summary>Both sides.</summary>
    Both = Local | Remote,
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>What becomes of an incoming call that no <see cref="ICallScreen"/> decides.</summary>
public enum AnswerPolicy
{
    /// <summary>It rings (180) until the program answers or rejects it, or <see cref="PhoneOptions.RingTimeout"/> passes.</summary>
    Ask,

    /// <summary>It rings for <see cref="PhoneOptions.AnswerAfter"/> and is then answered.</summary>
    Automatic,

    /// <summary>It is answered with 486 Busy Here.</summary>
    Busy,
}

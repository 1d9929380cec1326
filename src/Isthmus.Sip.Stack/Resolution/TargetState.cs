// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What is known of a target.</summary>
public enum TargetState
{
    /// <summary>Nothing, or nothing recent.</summary>
    Unknown,

    /// <summary>It has answered.</summary>
    Good,

    /// <summary>It did not answer, refused, or asked to be spared.</summary>
    Bad,
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What a splice does to the fields of its name.</summary>
internal enum SpliceKind
{
    Prepend,
    Append,
    RemoveFirst,
    ReplaceFirst,
    Remove,
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Figures;

/// <summary>A remark beside a node's line in a ladder, such as a verdict of the judge.</summary>
/// <param name="At">When, since the ladder began.</param>
/// <param name="Node">The node it belongs to.</param>
/// <param name="Text">What it says.</param>
public sealed record LadderNote(TimeSpan At, string Node, string Text);

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>An attribute of an element.</summary>
/// <param name="Namespace">The name of its namespace; empty for none, which is usual.</param>
/// <param name="Name">Its name without a prefix.</param>
/// <param name="Value">Its value, unescaped.</param>
public readonly record struct MarkupAttribute(string Namespace, string Name, string Value);

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Bodies;

/// <summary>
/// An element of an XML document, as far as documents between phones use XML: its attributes, the elements in it, and the text that stands directly in it.
/// What we do not know in a document is kept as such elements and written back.
/// </summary>
/// <param name="Namespace">The name of its namespace, resolved; empty for none.</param>
/// <param name="Name">Its name without a prefix.</param>
public sealed record MarkupElement(string Namespace, string Name)
{
    /// <summary>The attributes in their order; declarations of namespaces are not among them.</summary>
    public ImmutableArray<MarkupAttribute> Attributes { get; init; } = [];

    /// <summary>The elements in it.</summary>
    public ImmutableArray<MarkupElement> Children { get; init; } = [];

    /// <summary>The text directly in it, in one piece, without white space around it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether it is the element of this name in this namespace.</summary>
    public bool Is(string ns, string name) => Name == name && Namespace == ns;

    /// <summary>The value of an attribute without a namespace; null when there is none.</summary>
    public string? Attribute(string name) => Attribute("", name);

    /// <summary>The value of an attribute; null when there is none.</summary>
    public string? Attribute(string ns, string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name == name && attribute.Namespace == ns)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>The first element of this name in it; null when there is none.</summary>
    public MarkupElement? Child(string ns, string name)
    {
        foreach (var child in Children)
        {
            if (child.Is(ns, name))
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>The elements of this name in it.</summary>
    public IEnumerable<MarkupElement> ChildrenOf(string ns, string name) => Children.Where(child => child.Is(ns, name));

    /// <summary>What is made of the elements of this name in it; each is given with its number among them, from 0.</summary>
    internal ImmutableArray<T> Each<T>(string ns, string name, Func<MarkupElement, int, T> make)
    {
        ImmutableArray<T>.Builder? made = null;
        foreach (var child in Children)
        {
            if (child.Is(ns, name))
            {
                made ??= ImmutableArray.CreateBuilder<T>(1);
                made.Add(make(child, made.Count));
            }
        }

        return made?.DrainToImmutable() ?? [];
    }

    /// <summary>The text of the first element of this name in it; null when there is none or it is empty.</summary>
    public string? TextOf(string ns, string name) => Child(ns, name) is { Text.Length: > 0 } child ? child.Text : null;
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using static Isthmus.Bodies.DialogInfo;

namespace Isthmus.Bodies;

/// <summary>One side of a call (RFC 4235 §4.1.6).</summary>
public sealed record DialogParty
{
    /// <summary>Who it is, a URI; null when not said.</summary>
    public string? Identity { get; init; }

    /// <summary>The name; null when not said.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Where the phone is, the URI of its Contact; null when not said.</summary>
    public string? Target { get; init; }

    /// <summary>The parameters of its Contact: <c>+sip.rendering</c>, …</summary>
    public ImmutableArray<KeyValuePair<string, string>> TargetParameters { get; init; } = [];

    internal static DialogParty Read(MarkupElement element)
    {
        var identity = element.Child(Namespace, "identity");
        var target = element.Child(Namespace, "target");
        return new()
        {
            Identity = identity is { Text.Length: > 0 } ? identity.Text : null,
            DisplayName = identity?.Attribute("display-name") ?? identity?.Attribute("display"),
            Target = target?.Attribute("uri"),
            TargetParameters =
            [
                .. target?.ChildrenOf(Namespace, "param").Select(static parameter => KeyValuePair.Create(parameter.Attribute("pname") ?? "", parameter.Attribute("pval") ?? "")) ?? [],
            ],
        };
    }

    internal void Write(ReadOnlySpan<byte> name, ref MarkupWriter writer)
    {
        writer.Begin(name);
        if (Identity is not null)
        {
            writer.Begin("identity"u8);
            writer.Attribute("display-name"u8, DisplayName);
            writer.Text(Identity);
            writer.End("identity"u8);
        }

        if (Target is not null)
        {
            writer.Begin("target"u8);
            writer.Attribute("uri"u8, Target);
            foreach (var (parameter, value) in TargetParameters)
            {
                writer.Begin("param"u8);
                writer.Attribute("pname"u8, parameter);
                writer.Attribute("pval"u8, value);
                writer.End("param"u8);
            }

            writer.End("target"u8);
        }

        writer.End(name);
    }
}

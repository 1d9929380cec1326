// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Configuration;

/// <summary>A value, a table or a list of either, with the place where it was written.</summary>
internal abstract record ConfigurationNode(SourcePosition Position)
{
    /// <summary>What it is, for "expected X, not Y".</summary>
    public abstract string Shown { get; }
}

/// <summary>A single value. <see cref="IsText"/>: written in quotes, or from the environment, where everything is text.</summary>
internal sealed record ConfigurationValue(SourcePosition Position, string Text, bool IsText, bool IsNumber) : ConfigurationNode(Position)
{
    public override string Shown => IsText ? $"\"{Text}\"" : Text;
}

internal sealed record ConfigurationList(SourcePosition Position, List<ConfigurationNode> Items) : ConfigurationNode(Position)
{
    public override string Shown => "a list";
}

internal sealed record ConfigurationTable(SourcePosition Position, Dictionary<string, ConfigurationNode> Entries) : ConfigurationNode(Position)
{
    public ConfigurationTable(SourcePosition position)
        : this(position, new Dictionary<string, ConfigurationNode>(StringComparer.Ordinal))
    {
    }

    public override string Shown => "a table";

    /// <summary>Where the keys themselves stand (a finding about an unknown key points at the key, not at its value).</summary>
    public Dictionary<string, SourcePosition> Keys { get; } = new(StringComparer.Ordinal);

    public void Add(string key, SourcePosition position, ConfigurationNode node)
    {
        Entries[key] = node;
        Keys[key] = position;
    }
}

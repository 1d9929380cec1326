// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Isthmus.Server.Configuration;

/// <summary>TOML text to a tree with positions, by Tomlyn's syntax tree (no reflection).</summary>
internal sealed class TomlReader(string file, List<ConfigurationFinding> findings)
{
    private const int MostSyntaxFaults = 20;

    public ConfigurationTable Read(string text)
    {
        var root = new ConfigurationTable(new(file, 1, 1));
        DocumentSyntax document = SyntaxParser.Parse(text, file, validate: true);
        DiagnosticMessage[] faults = [.. document.Diagnostics.Where(message => message.Kind == DiagnosticMessageKind.Error)];
        foreach (DiagnosticMessage fault in faults.Take(MostSyntaxFaults))
        {
            // What is quoted of the file may hold anything; a terminal gets text.
            findings.Add(new(At(fault.Span), string.Concat(fault.Message.TrimEnd('.').Select(character => char.IsControl(character) ? '?' : character))));
        }

        if (faults.Length > MostSyntaxFaults)
        {
            findings.Add(new(At(faults[MostSyntaxFaults].Span), $"and {faults.Length - MostSyntaxFaults} more: is this a TOML file?"));
        }

        if (document.HasErrors)
        {
            return root;
        }

        foreach (KeyValueSyntax pair in document.KeyValues)
        {
            Put(root, pair);
        }

        foreach (TableSyntaxBase table in document.Tables)
        {
            ConfigurationTable? target = Open(root, table);
            if (target is null)
            {
                continue;
            }

            foreach (KeyValueSyntax pair in table.Items)
            {
                Put(target, pair);
            }
        }

        return root;
    }

    private ConfigurationTable? Open(ConfigurationTable root, TableSyntaxBase table)
    {
        if (table.Name is not { } name)
        {
            return null;
        }

        List<(string Name, SourcePosition Position)> path = PathOf(name);
        ConfigurationTable? parent = Descend(root, path);
        if (parent is null)
        {
            return null;
        }

        (string last, SourcePosition position) = path[^1];
        if (table is not TableArraySyntax)
        {
            return TableIn(parent, last, position);
        }

        if (!parent.Entries.TryGetValue(last, out ConfigurationNode? existing))
        {
            existing = new ConfigurationList(position, []);
            parent.Add(last, position, existing);
        }

        if (existing is not ConfigurationList list)
        {
            findings.Add(new(position, $"'{last}' is already {existing.Shown}"));
            return null;
        }

        var element = new ConfigurationTable(position);
        list.Items.Add(element);
        return element;
    }

    private void Put(ConfigurationTable table, KeyValueSyntax pair)
    {
        if (pair.Key is not { } key || pair.Value is not { } value)
        {
            return;
        }

        List<(string Name, SourcePosition Position)> path = PathOf(key);
        if (Descend(table, path) is { } target)
        {
            target.Add(path[^1].Name, path[^1].Position, NodeOf(value));
        }
    }

    private ConfigurationTable? Descend(ConfigurationTable from, List<(string Name, SourcePosition Position)> path)
    {
        ConfigurationTable? table = from;
        for (int i = 0; i < path.Count - 1 && table is not null; i++)
        {
            table = TableIn(table, path[i].Name, path[i].Position);
        }

        return table;
    }

    private ConfigurationTable? TableIn(ConfigurationTable parent, string name, SourcePosition position)
    {
        switch (parent.Entries.GetValueOrDefault(name))
        {
            case null:
                var table = new ConfigurationTable(position);
                parent.Add(name, position, table);
                return table;
            case ConfigurationTable existing:
                return existing;
            case ConfigurationList { Items: [.., ConfigurationTable last] }:
                return last;
            case { } other:
                findings.Add(new(position, $"'{name}' is already {other.Shown}"));
                return null;
        }
    }

    private ConfigurationNode NodeOf(ValueSyntax value)
    {
        SourcePosition position = At(value.Span);
        switch (value)
        {
            case StringValueSyntax text:
                return new ConfigurationValue(position, text.Value ?? "", IsText: true, IsNumber: false);
            case IntegerValueSyntax integer:
                return new ConfigurationValue(position, integer.Value.ToString(CultureInfo.InvariantCulture), IsText: false, IsNumber: true);
            case BooleanValueSyntax boolean:
                return new ConfigurationValue(position, boolean.Value ? "true" : "false", IsText: false, IsNumber: false);
            case ArraySyntax array:
                var items = new List<ConfigurationNode>();
                foreach (ArrayItemSyntax item in array.Items)
                {
                    if (item.Value is { } element)
                    {
                        items.Add(NodeOf(element));
                    }
                }

                return new ConfigurationList(position, items);
            case InlineTableSyntax inline:
                var table = new ConfigurationTable(position);
                foreach (InlineTableItemSyntax item in inline.Items)
                {
                    if (item.KeyValue is { } pair)
                    {
                        Put(table, pair);
                    }
                }

                return table;
            default:
                return new ConfigurationValue(position, value.ToString().Trim(), IsText: false, IsNumber: false);
        }
    }

    private List<(string Name, SourcePosition Position)> PathOf(KeySyntax key)
    {
        var path = new List<(string, SourcePosition)> { (NameOf(key.Key), At(key.Span)) };
        foreach (DottedKeyItemSyntax dotted in key.DotKeys)
        {
            path.Add((NameOf(dotted.Key), At(dotted.Span)));
        }

        return path;
    }

    private static string NameOf(BareKeyOrStringValueSyntax? key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax text => text.Value ?? "",
        _ => "",
    };

    private SourcePosition At(SourceSpan span) => new(file, span.Start.Line + 1, span.Start.Column + 1);
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Bodies;

/// <summary>Reads the beginning of an element: its name, its attributes, and the namespaces that it declares.</summary>
internal ref struct MarkupTag(ReadOnlySpan<byte> text, int at)
{
    private const int MostAttributes = 64;

    private readonly ReadOnlySpan<byte> _text = text;
    private List<(Range Prefix, Range Name, string Value)>? _written;

    /// <summary>How far it was read.</summary>
    public int At { get; private set; } = at;

    /// <summary>How many attributes and declarations it has.</summary>
    public readonly int Attributes => _written?.Count ?? 0;

    /// <summary>Whether it is also the end of the element.</summary>
    public bool IsEmpty { get; private set; }

    public bool TryRead(MarkupNamespaces namespaces, int depth, [NotNullWhen(true)] out MarkupInReading? element)
    {
        element = null;
        At++;
        int begin = At;
        if (!TryReadName(out var prefix, out var name) || !TryReadAttributes() || !TryDeclare(namespaces, depth)
            || namespaces.Find(_text[prefix]) is not { } ns || !TryResolve(namespaces, out var attributes))
        {
            return false;
        }

        element = new(begin..name.End, ns, MarkupNames.Text(_text[name]), attributes);
        return true;
    }

    private bool TryReadName(out Range prefix, out Range name)
    {
        int first = MarkupOctets.NameLength(_text[At..]);
        bool isPrefixed = first > 0 && At + first < _text.Length && _text[At + first] == ':';
        int begin = isPrefixed ? At + first + 1 : At;
        int length = isPrefixed ? MarkupOctets.NameLength(_text[begin..]) : first;
        (prefix, name) = (At..(isPrefixed ? At + first : At), begin..(begin + length));
        At = begin + length;
        return length > 0;
    }

    private bool TryReadAttributes()
    {
        while (true)
        {
            int space = MarkupOctets.WhiteSpaceLength(_text[At..]);
            At += space;
            var rest = _text[At..];
            if (rest.StartsWith("/>"u8) || rest.StartsWith(">"u8))
            {
                IsEmpty = rest[0] == '/';
                At += IsEmpty ? 2 : 1;
                return true;
            }

            if (space == 0 || Attributes >= MostAttributes || !TryReadName(out var prefix, out var name) || !TryReadValue(out string? value))
            {
                return false;
            }

            (_written ??= []).Add((prefix, name, value));
        }
    }

    private bool TryReadValue([NotNullWhen(true)] out string? value)
    {
        value = null;
        At += MarkupOctets.WhiteSpaceLength(_text[At..]);
        if (!_text[At..].StartsWith("="u8))
        {
            return false;
        }

        At++;
        At += MarkupOctets.WhiteSpaceLength(_text[At..]);
        if (At == _text.Length || _text[At] is not ((byte)'"' or (byte)'\''))
        {
            return false;
        }

        int length = _text[(At + 1)..].IndexOf(_text[At]);
        if (length < 0 || _text.Slice(At + 1, length).Contains((byte)'<') || !MarkupOctets.TryUnescape(_text.Slice(At + 1, length), isValue: true, out value))
        {
            return false;
        }

        At += length + 2;
        return true;
    }

    private readonly bool TryDeclare(MarkupNamespaces namespaces, int depth)
    {
        foreach (var (prefix, name, value) in _written ?? [])
        {
            if (IsDeclaration(prefix, name) && !namespaces.TryDeclare(_text[prefix].IsEmpty ? default : _text[name], value, depth))
            {
                return false;
            }
        }

        return true;
    }

    private readonly bool TryResolve(MarkupNamespaces namespaces, out ImmutableArray<MarkupAttribute> attributes)
    {
        attributes = [];
        if (_written is null)
        {
            return true;
        }

        var resolved = new List<MarkupAttribute>(_written.Count);
        foreach (var (prefix, name, value) in _written)
        {
            // An attribute without a prefix is in no namespace, whatever the default (Namespaces in XML 1.0 §6.2). A declaration stands for itself here,
            // so that the same one twice is seen.
            string? ns = IsDeclaration(prefix, name) ? "xmlns" : _text[prefix].IsEmpty ? "" : namespaces.Find(_text[prefix]);
            string text = MarkupNames.Text(_text[name]);
            if (ns is null || IsAmong(resolved, ns, text))
            {
                return false;
            }

            resolved.Add(new(ns, text, value));
        }

        resolved.RemoveAll(static attribute => attribute.Namespace == "xmlns");
        attributes = [.. resolved];
        return true;
    }

    private static bool IsAmong(List<MarkupAttribute> attributes, string ns, string name)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Name == name && attribute.Namespace == ns)
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool IsDeclaration(Range prefix, Range name) => _text[prefix].IsEmpty ? _text[name].SequenceEqual("xmlns"u8) : _text[prefix].SequenceEqual("xmlns"u8);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>One header field, as it stands in the message.</summary>
public readonly ref struct HeaderField
{
    private readonly ReadOnlySpan<byte> _line;
    private readonly HeaderSlot _slot;

    internal HeaderField(ReadOnlySpan<byte> message, HeaderSlot slot)
    {
        _line = message[slot.Start..slot.End];
        _slot = slot;
    }

    /// <summary>The name, or <see cref="HeaderName.Other"/>.</summary>
    public HeaderName Name => _slot.Name;

    /// <summary>The name as it is written here.</summary>
    public string NameText => Characters.Text(_line[.._line.IndexOf((byte)':')].TrimEnd(" \t"u8));

    /// <summary>The whole field with its line end.</summary>
    public ReadOnlySpan<byte> Line => _line;

    /// <summary>The value without white space around it; it may hold folds.</summary>
    public ReadOnlySpan<byte> Value => _line[(_slot.ValueStart - _slot.Start)..(_slot.ValueEnd - _slot.Start)];

    /// <summary>The value as text, unfolded.</summary>
    public string Text => Characters.Unfolded(Value);
}

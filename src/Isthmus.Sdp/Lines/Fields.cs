// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sdp;

/// <summary>Takes the fields of a line one by one. One space parts them; more are forgiven.</summary>
internal ref struct Fields(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text.Trim(' ');

    /// <summary>What has not been taken.</summary>
    public readonly ReadOnlySpan<char> Rest => _rest;

    /// <summary>The next field; empty at the end.</summary>
    public ReadOnlySpan<char> Next()
    {
        var end = _rest.IndexOf(' ');
        var field = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? [] : _rest[end..].TrimStart(' ');
        return field;
    }
}

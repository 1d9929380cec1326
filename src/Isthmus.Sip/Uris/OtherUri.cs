// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A URI of a scheme that is not SIP's, kept as it was written.</summary>
public sealed class OtherUri : AnyUri, IEquatable<OtherUri>
{
    private readonly string _text;

    internal OtherUri(string text)
    {
        _text = text;
        Scheme = text[..text.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant();
    }

    /// <inheritdoc/>
    public override string Scheme { get; }

    /// <inheritdoc/>
    public bool Equals(OtherUri? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OtherUri);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text;
}

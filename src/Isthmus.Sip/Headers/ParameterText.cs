// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>Where one header parameter stands: its name, and its value as it is written.</summary>
internal readonly ref struct ParameterText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool hasValue)
{
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The value with its quotes, where it has them.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    public bool HasValue { get; } = hasValue;

    /// <summary>The value without its quotes; a backslash inside stays as it is written.</summary>
    public ReadOnlySpan<byte> Content => Value.Length >= 2 && Value[0] == '"' ? Value[1..^1] : Value;

    /// <summary>The first parameter of that name in *( SEMI name [ EQUAL value ] ), in any case.</summary>
    public static bool TryFind(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> wanted, out ParameterText found)
    {
        while (SipParameters.TryNext(ref parameters, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool hasValue))
        {
            if (name.Length == wanted.Length && Ascii.EqualsIgnoreCase(name, wanted))
            {
                found = new(name, value, hasValue);
                return true;
            }
        }

        found = default;
        return false;
    }
}

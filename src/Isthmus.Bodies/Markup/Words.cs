// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>The words of a document that stand for values.</summary>
internal sealed class Words<T>(params (T Value, string Word)[] all)
    where T : struct, Enum
{
    /// <summary>The value of a word; null for one that is not known.</summary>
    public T? Value(string? word)
    {
        foreach (var (value, known) in all)
        {
            if (known == word)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The word of a value.</summary>
    public string Word(T value)
    {
        foreach (var (known, word) in all)
        {
            if (EqualityComparer<T>.Default.Equals(known, value))
            {
                return word;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>The word of a value; null for none.</summary>
    public string? Word(T? value) => value is { } known ? Word(known) : null;
}

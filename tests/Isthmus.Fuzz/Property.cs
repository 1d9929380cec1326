// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Fuzz;

/// <summary>States what must hold.</summary>
internal static class Property
{
    public static void Holds(bool isTrue, string property)
    {
        if (!isTrue)
        {
            throw new BrokenPropertyException(property);
        }
    }

    public static void Same<T>(T expected, T actual, string property)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new BrokenPropertyException($"{property}: '{expected}' became '{actual}'");
        }
    }

    public static void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string property) => Holds(expected.SequenceEqual(actual), property);
}

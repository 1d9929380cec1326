// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Fuzz.Targets;

/// <summary>Something that reads bytes from outside, and what must hold whatever they are.</summary>
internal interface ITarget
{
    /// <summary>How it is named in a report.</summary>
    string Name { get; }

    /// <summary>Reads the input; whether it was good, since that costs more.</summary>
    /// <exception cref="BrokenPropertyException">Something that must hold does not.</exception>
    bool Read(ReadOnlySpan<byte> input);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Steady.Workloads;

/// <summary>One kind of call, played again and again.</summary>
internal interface IWorkload
{
    /// <summary>Its name in the table.</summary>
    string Name { get; }

    /// <summary>What one call is, for people.</summary>
    string Describes { get; }

    /// <summary>Plays call number <paramref name="number"/>; nothing but the server may allocate.</summary>
    /// <exception cref="InvalidOperationException">The server did not do what it should.</exception>
    void Play(Bed bed, int number);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>The memory of a server at one point.</summary>
/// <param name="Server">Its name.</param>
/// <param name="State">What it holds, in words.</param>
/// <param name="Bindings">How many it holds.</param>
/// <param name="Bytes">The proportional set size of all its processes.</param>
/// <param name="PerBinding">Bytes for each binding since the step before; null where none were added.</param>
internal sealed record MemoryStep(string Server, string State, int Bindings, long Bytes, double? PerBinding)
{
    /// <summary>Garbage collections since the step before; null where nobody tells.</summary>
    public Garbage? Garbage { get; init; }

    /// <param name="server">Its name.</param>
    /// <param name="bindings">How many it holds now.</param>
    /// <param name="bytes">What it takes now.</param>
    /// <param name="before">The step before; null for the first.</param>
    public static MemoryStep After(string server, int bindings, long bytes, MemoryStep? before) =>
        new(server, $"{bindings:#,0}", bindings, bytes, before is null || bindings == before.Bindings ? null : (double)(bytes - before.Bytes) / (bindings - before.Bindings));
}

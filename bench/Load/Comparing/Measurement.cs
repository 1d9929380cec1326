// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>One row of the printed table: a workload, how its calls come, and where our server keeps bindings.</summary>
internal sealed record Measurement(Row Row, TrafficOptions Traffic, bool IsDurable)
{
    /// <summary>What <see cref="Table"/> leaves out.</summary>
    public const string LeftOut = "W2R REGISTER with digest is not measured: our server has no authentication yet. Memory per binding is the command `memory`.";

    /// <summary>The whole table, but for memory, and for W2R: the server has no authentication yet.</summary>
    /// <param name="traffic">What all of it has in common.</param>
    public static IReadOnlyList<Measurement> Table(TrafficOptions traffic)
    {
        TrafficOptions crossing = traffic with { Family = Family.V6ToV4 };
        TrafficOptions streams = traffic with { IsTcp = true };
        TrafficOptions many = traffic with { Users = 100_000 };
        Row register = Row.All[0];
        return
        [
            new(register, traffic, false), new(register, traffic, true), new(register, many, false), new(register, many, true), new(register, crossing, false),
            .. from row in Row.All.Skip(1) where !row.IsPresence from options in (TrafficOptions[])[traffic, crossing] select new Measurement(row, options, false),
            .. from row in Row.All where row.Name is "w1" or "w3" or "w4" select new Measurement(row, streams, false),
        ];
    }
}

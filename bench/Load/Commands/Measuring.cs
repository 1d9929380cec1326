// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What was asked for on the command line.</summary>
internal sealed record Measuring
{
    public required TrafficOptions Traffic { get; init; }

    public int Pairs { get; init; } = 5;

    public ServerChoice Servers { get; init; } = ServerChoice.Both;

    /// <summary>Our built server, or a checkout in which it was built.</summary>
    public required string Isthmus { get; init; }

    /// <summary>Another build of ours in Kamailio's place; null for Kamailio.</summary>
    public string? Against { get; init; }

    public bool IsDurable { get; init; }

    /// <summary>Whether the servers serve presence.</summary>
    public bool WithPresence { get; init; }

    /// <summary>More environment for our server.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string Judge { get; init; } = "auto";

    /// <summary>The judge's method of <see cref="Against"/>.</summary>
    public string? JudgeAgainst { get; init; }

    /// <summary>The processors of the servers, as <c>taskset</c> lists them.</summary>
    public string ServerProcessors { get; init; } = "0";

    public int GeneratorProcessor { get; init; } = 1;

    /// <summary>Of generator and servers, so that other work of the machine disturbs them less.</summary>
    public int Niceness { get; init; }

    /// <summary>Without it, the tables are only printed.</summary>
    public string? Folder { get; init; }

    /// <summary>Sets this program's processor and niceness.</summary>
    /// <exception cref="LoadException">That is not possible.</exception>
    public void Prepare()
    {
        Processors.Pin(GeneratorProcessor);
        Processors.Prioritise(Niceness);
    }
}

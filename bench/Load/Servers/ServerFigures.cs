// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What a server has used at one moment.</summary>
/// <param name="Processor">User and system time of all its processes.</param>
/// <param name="Threads">The same of each thread of its first process.</param>
/// <param name="Runtime">Of our server; null of others.</param>
internal sealed record ServerFigures(TimeSpan Processor, IReadOnlyDictionary<int, TimeSpan> Threads, RuntimeFigures? Runtime)
{
    /// <summary>What a turn cost that lasted from <paramref name="begin"/> until this moment.</summary>
    public Turn Of(LoadResult result, ServerFigures begin) => new(result, Processor - begin.Processor)
    {
        BusiestThread = Threads.Max(thread => thread.Value - begin.Threads.GetValueOrDefault(thread.Key)),
        Garbage = begin.Runtime is null ? null : Runtime?.Since(begin.Runtime),
    };
}

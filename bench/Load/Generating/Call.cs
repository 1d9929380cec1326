// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>A place for one call at a time, used again and again.</summary>
internal sealed class Call
{
    private readonly byte[] _routes = new byte[RouteSet.Room];

    /// <summary>What differs in its messages; the number says which call it is.</summary>
    public CallFields Fields { get; set; }

    public bool IsActive { get; set; }

    /// <summary>Whether its response time is counted already.</summary>
    public bool IsTimed { get; set; }

    /// <summary>Whether a provisional response has come, so that the INVITE is not repeated.</summary>
    public bool IsProceeding { get; set; }

    /// <summary>When it was to begin: a generator that is late does not make the server look faster.</summary>
    public long Began { get; set; }

    /// <summary>When to repeat the request.</summary>
    public long RepeatAt { get; set; }

    /// <summary>The time between the last sending and <see cref="RepeatAt"/>.</summary>
    public long RepeatAfter { get; set; }

    /// <summary>Where it is in its workload.</summary>
    public int Stage { get; set; }

    /// <summary>Route lines of requests within the dialog.</summary>
    public ReadOnlySpan<byte> Routes => _routes.AsSpan(0, RouteLength);

    public Span<byte> RouteRoom => _routes;

    public int RouteLength { get; set; }
}

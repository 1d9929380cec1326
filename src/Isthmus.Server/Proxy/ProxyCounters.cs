// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>What the proxy has done since it started. Every member may be read at any time.</summary>
internal sealed class ProxyCounters
{
    private long _requests;
    private long _answered;
    private long _forwarded;
    private long _branches;
    private long _acks;
    private long _dropped;
    private long _strayResponses;
    private long _malformed;

    /// <summary>Requests that entered the pipeline, ACKs not counted.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests that a step answered.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Requests that were forwarded, each once however many branches it has.</summary>
    public long Forwarded => Interlocked.Read(ref _forwarded);

    /// <summary>Branches: forwarded copies.</summary>
    public long Branches => Interlocked.Read(ref _branches);

    /// <summary>ACKs for 2xx answers that were forwarded.</summary>
    public long Acks => Interlocked.Read(ref _acks);

    /// <summary>ACKs that led nowhere.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Responses that belong to no transaction: dropped (RFC 6026 §8.2).</summary>
    public long StrayResponses => Interlocked.Read(ref _strayResponses);

    /// <summary>Messages that the stack refused as malformed.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void CountAnswered() => Interlocked.Increment(ref _answered);

    internal void CountForwarded() => Interlocked.Increment(ref _forwarded);

    internal void CountBranch() => Interlocked.Increment(ref _branches);

    internal void CountAck() => Interlocked.Increment(ref _acks);

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    internal void CountStrayResponse() => Interlocked.Increment(ref _strayResponses);

    internal void CountMalformed() => Interlocked.Increment(ref _malformed);
}

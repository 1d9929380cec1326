// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>Where a request is sent. One that is kept and used again is cheaper than a new one: it remembers the flow that was found for it.</summary>
/// <param name="Transport">The transport.</param>
/// <param name="EndPoint">The address, which decides the IP version, and the port.</param>
/// <param name="Flow">A known path there (RFC 5626), taken while it is alive; else a new one is found.</param>
public sealed record Target(SipTransport Transport, IPEndPoint EndPoint, Flow? Flow = null)
{
    // What was found for the other one need not hold for this one.
    private Target(Target other) => (Transport, EndPoint, Flow) = (other.Transport, other.EndPoint, other.Flow);

    /// <summary>The flow that was found last.</summary>
    internal FoundFlow? Found { get; set; }

    /// <summary>What tells it from others where it is kept by its text.</summary>
    internal ulong Number { get; init; }

    /// <summary>Back along a flow.</summary>
    public static Target Of(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return new Target(flow.Transport, flow.Remote, flow);
    }

    /// <summary>Whether both name the same transport, place and path.</summary>
    public bool Equals(Target? other) =>
        ReferenceEquals(this, other) || (other is not null && Transport == other.Transport && EndPoint.Equals(other.EndPoint) && Equals(Flow, other.Flow));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Transport, EndPoint, Flow);

    /// <summary>A flow that was found.</summary>
    internal sealed class FoundFlow(Paths by, Flow flow, long since)
    {
        private long _since = since;

        public Paths By => by;

        public Flow Flow => flow;

        /// <summary>At which tick it was found, or found to be right still.</summary>
        public long Since
        {
            get => Volatile.Read(ref _since);
            set => Volatile.Write(ref _since, value);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>What the judge says: <see cref="Forward"/>, <see cref="Redirect"/> or <see cref="Refuse"/>.</summary>
public abstract record Verdict
{
    private Verdict(VerdictReason reason) => Reason = reason;

    /// <summary>Why; of several devices the first that decided.</summary>
    public VerdictReason Reason { get; }

    /// <summary>Send it to these devices, each by one binding.</summary>
    public sealed record Forward : Verdict
    {
        internal Forward(ImmutableArray<ForwardRoute> routes)
            : base(routes[0].Reason) => Routes = routes;

        /// <summary>At least one; never two for one device. In the order of the devices that were judged.</summary>
        public ImmutableArray<ForwardRoute> Routes { get; }
    }

    /// <summary>Answer 380: call again by that version.</summary>
    public sealed record Redirect : Verdict
    {
        internal Redirect(IpVersion version, VerdictReason reason)
            : base(reason) => Version = version;

        /// <summary>The version to call again by.</summary>
        public IpVersion Version { get; }
    }

    /// <summary>Answer 488: nothing that this caller does can give it sound.</summary>
    public sealed record Refuse : Verdict
    {
        internal Refuse(IpVersion version, VerdictReason reason)
            : base(reason) => Version = version;

        /// <summary>The version that would have been acceptable.</summary>
        public IpVersion Version { get; }
    }
}

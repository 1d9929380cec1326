// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>What a server knows about one device that may be called, or about the servers of another domain, which are one target too.</summary>
public sealed record DeviceFacts
{
    /// <summary>Names the device; unique among those judged together.</summary>
    public required string Id { get; init; }

    /// <summary>Its live bindings; at least one.</summary>
    public required ImmutableArray<BindingFacts> Bindings { get; init; }

    /// <summary>
    /// Whether the order of its bindings says which to take where the judge does not care: so for servers (RFC 3263, RFC 6724), while a device is
    /// carried to on the version that the call came by.
    /// </summary>
    public bool IsOrdered { get; init; }

    /// <summary>Whether it judges by itself: <c>Supported: ip-redirect</c> in its registration.</summary>
    public bool Judges { get; init; }

    /// <summary>Versions that it was seen to use for media, beyond those of its bindings.</summary>
    public IpVersions Can { get; init; }

    /// <summary>Versions that it was seen to refuse. A version of a binding, or in <see cref="Can"/>, is stronger.</summary>
    public IpVersions Cannot { get; init; }

    /// <summary>Whether it does ICE (RFC 8445), so that an offer with candidates finds its own way.</summary>
    public bool DoesIce { get; init; }

    /// <summary>Which ways of offering two addresses it is known to read; none unless learned.</summary>
    public SessionReaders Reads { get; init; }

    /// <summary>The versions of its bindings.</summary>
    public IpVersions Registered
    {
        get
        {
            var versions = IpVersions.None;
            foreach (var binding in Bindings)
            {
                versions |= binding.Version.AsSet;
            }

            return versions;
        }
    }

    /// <summary>The versions it can use for media.</summary>
    public IpVersions Usable => Registered | Can;

    /// <summary>The versions it may be able to use: all but those it was seen to refuse.</summary>
    public IpVersions Possible => Usable | (IpVersions.Both & ~Cannot);

    /// <summary>The servers of another domain as one target; the index of a binding is the place of its server in <paramref name="servers"/>.</summary>
    /// <param name="domain">The name of the domain.</param>
    /// <param name="servers">The versions of the located servers in the order in which they are to be tried (RFC 3263); at least one.</param>
    public static DeviceFacts ForServers(string domain, IEnumerable<IpVersion> servers) => new()
    {
        Id = domain,
        IsOrdered = true,
        Bindings = [.. servers.Select(static (version, index) => new BindingFacts(version, index))],
    };

    /// <summary>The binding of a version that comes first; null when there is none.</summary>
    public BindingFacts? BindingOf(IpVersion version)
    {
        BindingFacts? best = null;
        foreach (var binding in Bindings)
        {
            if (binding.Version == version && (best is not { } other || binding.Q > other.Q || (binding.Q == other.Q && binding.Index < other.Index)))
            {
                best = binding;
            }
        }

        return best;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>All bindings of one terminal, and what is known about the versions that it can use.</summary>
internal sealed record Device(string Id, ImmutableArray<Binding> Bindings)
{
    /// <summary>The versions of its bindings.</summary>
    public IpVersions Versions { get; } = Bindings.Aggregate(IpVersions.None, (versions, binding) => versions | binding.Version.AsSet);

    /// <summary>Whether it judges by itself: some binding announces <c>ip-redirect</c>.</summary>
    public bool Judges { get; } = Bindings.Any(binding => binding.AnnouncesRedirect);

    /// <summary>The highest q of its bindings.</summary>
    public double Q { get; } = Bindings.Max(binding => binding.Q);

    /// <summary>The versions in which it has answered.</summary>
    public IpVersions Can { get; init; }

    /// <summary>The versions that it has refused.</summary>
    public IpVersions Cannot { get; init; }

    /// <summary>What the judge is told of it; the index of a binding is its place in <see cref="Bindings"/>.</summary>
    public DeviceFacts Facts => field is { } made && made.Can == Can && made.Cannot == Cannot ? made : field = new()
    {
        Id = Id,
        Bindings = [.. Bindings.Select((binding, index) => new BindingFacts(binding.Version, index, binding.Q))],
        Judges = Judges,
        Can = Can,
        Cannot = Cannot,
    };

    /// <summary>Groups bindings by device: the devices by q, their bindings by q and then the newest first.</summary>
    public static ImmutableArray<Device> Group(IEnumerable<Binding> bindings) =>
    [
        .. bindings
            .GroupBy(binding => binding.DeviceId, StringComparer.Ordinal)
            .Select(group => new Device(group.Key, [.. group.OrderByDescending(binding => binding.Q).ThenByDescending(binding => binding.Registered)]))
            .OrderByDescending(device => device.Q),
    ];
}

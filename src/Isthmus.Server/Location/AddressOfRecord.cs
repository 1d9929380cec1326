// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Server.Location;

/// <summary>An address-of-record and its bindings at one moment. Immutable: a change makes a new one, so that readers need no lock.</summary>
internal sealed class AddressOfRecord(string aor, ImmutableArray<Binding> bindings)
{
    public string Aor => aor;

    public ImmutableArray<Binding> Bindings => bindings;

    public ImmutableArray<Device> Devices { get; } = Device.Group(bindings);

    /// <summary>When the first of its bindings expires.</summary>
    public DateTimeOffset FirstExpiry { get; } = bindings.IsEmpty ? DateTimeOffset.MaxValue : bindings.Min(binding => binding.Expires);

    /// <summary>The bindings that are alive at <paramref name="now"/>.</summary>
    public ImmutableArray<Binding> LiveBindings(DateTimeOffset now) => now < FirstExpiry ? bindings : bindings.RemoveAll(binding => binding.Expires <= now);

    /// <summary>The devices with the bindings that are alive at <paramref name="now"/>.</summary>
    public ImmutableArray<Device> LiveDevices(DateTimeOffset now) => now < FirstExpiry ? Devices : Device.Group(LiveBindings(now));
}

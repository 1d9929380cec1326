// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>What answers have shown about devices. Bounded by the devices that are registered: it forgets one that is gone.</summary>
internal sealed class DeviceKnowledge
{
    private readonly ConcurrentDictionary<(string Aor, string Device), (IpVersions Can, IpVersions Cannot)> _known = new();

    public void Learn(string aor, string device, IpVersions can, IpVersions cannot) =>
        // The newest answer wins where it contradicts an older one.
        _known.AddOrUpdate((aor, device), (can, cannot & ~can), (_, old) => ((old.Can & ~cannot) | can, (old.Cannot & ~can) | (cannot & ~can)));

    public ImmutableArray<Device> AddTo(string aor, ImmutableArray<Device> devices) => _known.IsEmpty ? devices : [.. devices.Select(device => AddTo(aor, device))];

    public void Forget(AddressOfRecord before, AddressOfRecord after)
    {
        if (_known.IsEmpty)
        {
            return;
        }

        foreach (Device device in before.Devices)
        {
            if (!after.Devices.Any(left => left.Id == device.Id))
            {
                _known.TryRemove((before.Aor, device.Id), out _);
            }
        }
    }

    private Device AddTo(string aor, Device device) =>
        _known.TryGetValue((aor, device.Id), out var known) ? device with { Can = known.Can, Cannot = known.Cannot } : device;
}

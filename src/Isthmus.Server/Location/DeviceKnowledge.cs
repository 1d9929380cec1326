// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>
/// What answers have shown about devices, for a while. Bounded by the devices that are registered: it forgets one that is gone.
/// </summary>
internal sealed class DeviceKnowledge(TimeProvider time)
{
    /// <summary>How long an answer counts. A phone that was set up anew gets its chance after this at the latest.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Aor, string Device), Known> _known = new();

    public void Learn(string aor, string device, IpVersions can, IpVersions cannot)
    {
        var learned = new Known(can, cannot & ~can, time.GetTimestamp());

        // The newest answer wins where it contradicts an older one.
        _known.AddOrUpdate(
            (aor, device),
            learned,
            (_, old) => IsStale(old) ? learned : learned with { Can = (old.Can & ~cannot) | can, Cannot = (old.Cannot & ~can) | learned.Cannot });
    }

    public ImmutableArray<Device> AddTo(string aor, ImmutableArray<Device> devices)
    {
        if (_known.IsEmpty)
        {
            return devices;
        }

        for (int i = 0; i < devices.Length; i++)
        {
            if (_known.TryGetValue((aor, devices[i].Id), out Known known) && !IsStale(known))
            {
                devices = devices.SetItem(i, devices[i] with { Can = known.Can, Cannot = known.Cannot });
            }
        }

        return devices;
    }

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

    private bool IsStale(Known known) => time.GetElapsedTime(known.Since) >= Keep;

    private readonly record struct Known(IpVersions Can, IpVersions Cannot, long Since);
}

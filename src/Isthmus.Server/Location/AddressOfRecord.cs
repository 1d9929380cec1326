// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;

namespace Isthmus.Server.Location;

/// <summary>
/// An address-of-record and its bindings. Readers take the array of bindings as it is at one moment; the writer puts another one in its place. One
/// object stands for the address-of-record as long as it is known.
/// </summary>
internal sealed class AddressOfRecord(byte[] key, uint hash)
{
    private volatile Binding[] _bindings = [];
    private DeviceView? _view;
    private ExpiryPlace _place;

    /// <summary>The canonical address-of-record in UTF-8.</summary>
    public ReadOnlySpan<byte> Key => key;

    /// <summary>The hash of its key.</summary>
    public uint Hash => hash;

    /// <summary>The canonical address-of-record. A new string each time.</summary>
    public string Aor => Encoding.UTF8.GetString(key);

    /// <summary>All bindings that the store has, in the order of registration; among them some that may have expired.</summary>
    public Binding[] Bindings
    {
        get => _bindings;
        set => _bindings = value;
    }

    /// <summary>The bindings once the store has what waits; null: <see cref="Bindings"/>. For the writer.</summary>
    public Binding[]? Next { get; set; }

    /// <summary><see cref="Next"/>, else <see cref="Bindings"/>. For the writer.</summary>
    public Binding[] Latest => Next ?? _bindings;

    /// <summary>The last REGISTER that took a binding away. For the writer.</summary>
    public Removal? Removal { get; set; }

    /// <summary>Whether it stands among those that keep objects. For <see cref="LookedUp"/>, under its lock.</summary>
    public bool IsLookedUp { get; set; }

    /// <summary>The last batch that changed it. For the writer.</summary>
    public long Batch { get; set; }

    /// <summary>Its place among those that expire. For <see cref="ExpiryBuckets"/>.</summary>
    public ref ExpiryPlace Place => ref _place;

    /// <summary>When the first of its bindings ends, in milliseconds since 1970; the largest number when there is none.</summary>
    public long FirstExpiry
    {
        get
        {
            long first = long.MaxValue;
            foreach (Binding binding in _bindings)
            {
                first = Math.Min(first, binding.ExpiresAt);
            }

            return first;
        }
    }

    /// <summary>The bindings that live at <paramref name="now"/>: the array itself as long as all do.</summary>
    public Binding[] LiveBindings(long now)
    {
        Binding[] bindings = _bindings;
        foreach (Binding binding in bindings)
        {
            if (binding.ExpiresAt <= now)
            {
                return LiveAmong(bindings, now);
            }
        }

        return bindings;
    }

    // By itself: what the lambda holds on to is made at the very beginning.
    private static Binding[] LiveAmong(Binding[] bindings, long now) => Array.FindAll(bindings, candidate => candidate.ExpiresAt > now);

    /// <summary>The devices with the bindings that live at <paramref name="now"/>.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="made">Is told when they had to be made, and are kept now.</param>
    public ImmutableArray<Device> LiveDevices(long now, LookedUp made)
    {
        Binding[] live = LiveBindings(now);
        if (_view is { } view && ReferenceEquals(view.Of, live))
        {
            return view.Devices;
        }

        ImmutableArray<Device> devices = Device.Group(Aor, live);
        if (live.Length > 0 && ReferenceEquals(live, _bindings))
        {
            _view = new(live, devices);
            made.Add(this);
        }

        return devices;
    }

    /// <summary>Lets go of the objects that were made for look-ups.</summary>
    public void ForgetObjects()
    {
        _view = null;
        foreach (Binding binding in _bindings)
        {
            binding.ForgetObjects();
        }
    }

    private sealed record DeviceView(Binding[] Of, ImmutableArray<Device> Devices);
}

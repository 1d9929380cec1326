// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>All bindings of one terminal, and what is known about the versions that it can use. Kept from look-up to look-up while its bindings stay.</summary>
internal sealed class Device
{
    private Device(string aor, Binding[] bindings)
    {
        Aor = aor;
        IsAway = AwayContact.Is(bindings[0]);
        Id = IsAway ? bindings[0].ReadUri().ToString() : bindings[0].DeviceId;
        Array.Sort(bindings, static (a, b) => a.Q != b.Q ? b.Q.CompareTo(a.Q) : b.RegisteredAt.CompareTo(a.RegisteredAt));
        Bindings = [.. bindings];
        foreach (Binding binding in bindings)
        {
            Versions |= binding.Version.AsSet;
            Judges |= binding.AnnouncesRedirect;
        }
    }

    /// <summary>The canonical address-of-record that it is registered for.</summary>
    public string Aor { get; }

    /// <summary>It is no device, but an address in another domain that the user registered: its only binding (<see cref="AwayContact"/>).</summary>
    public bool IsAway { get; }

    /// <summary>Its instance, else its REGISTERs' Call-ID; the URI of one that is away.</summary>
    public string Id { get; }

    /// <summary>Its bindings by q, then the newest first.</summary>
    public ImmutableArray<Binding> Bindings { get; }

    /// <summary>The versions of its bindings.</summary>
    public IpVersions Versions { get; }

    /// <summary>Whether it judges by itself: some binding announces <c>ip-redirect</c>.</summary>
    public bool Judges { get; }

    /// <summary>The highest q of its bindings.</summary>
    public double Q => Bindings[0].Q;

    /// <summary>The versions in which it has answered.</summary>
    public IpVersions Can => Bindings[0].Learned.Can;

    /// <summary>The versions that it has refused.</summary>
    public IpVersions Cannot => Bindings[0].Learned.Cannot;

    /// <summary>What the judge is told of it; the index of a binding is its place in <see cref="Bindings"/>.</summary>
    public DeviceFacts Facts => field is { } made && made.Can == Can && made.Cannot == Cannot ? made : field = new()
    {
        Id = Id,
        Bindings = [.. Bindings.Select((binding, index) => new BindingFacts(binding.Version, index, binding.Q))],
        Judges = Judges,
        Can = Can,
        Cannot = Cannot,
    };

    /// <summary>Groups bindings by device: the devices by q.</summary>
    public static ImmutableArray<Device> Group(string aor, ReadOnlySpan<Binding> bindings)
    {
        if (bindings is [var only])
        {
            return [new(aor, [only])];
        }

        var groups = new List<List<Binding>>();
        foreach (Binding binding in bindings)
        {
            if (!AwayContact.Is(binding) && groups.Find(group => group[0].IsOfDevice(binding) && !AwayContact.Is(group[0])) is { } known)
            {
                known.Add(binding);
            }
            else
            {
                groups.Add([binding]);
            }
        }

        return [.. groups.Select(group => new Device(aor, [.. group])).OrderByDescending(device => device.Q)];
    }

    /// <summary>Forgets what was learned too long ago.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public void ForgetStale(long now)
    {
        foreach (Binding binding in Bindings)
        {
            if (binding.Learned.IsStale(now))
            {
                binding.Learned = default;
            }
        }
    }
}

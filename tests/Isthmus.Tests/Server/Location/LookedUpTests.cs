// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using System.Text;
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Location;

/// <summary>Which addresses-of-record keep the objects that looking them up has made.</summary>
public sealed class LookedUpTests
{
    private readonly LookedUp _lookedUp = new(most: 2);

    [Fact]
    public void Find_OneWhoseBindingsAreReplacedOften_DoesNotPushOthersOut()
    {
        AddressOfRecord alice = Make("alice"), bob = Make("bob");
        ImmutableArray<Device> known = Find(bob);
        for (int i = 0; i < 5; i++)
        {
            alice.Bindings = [Bind(alice)];
            Find(alice);
        }

        Assert.True(known == Find(bob));
        Assert.True(Find(alice) == Find(alice));
    }

    [Fact]
    public void Find_MoreThanAreKept_LetsTheOldestGo()
    {
        AddressOfRecord alice = Make("alice"), bob = Make("bob");
        ImmutableArray<Device> first = Find(alice), second = Find(bob);
        Find(Make("carol"));

        Assert.True(second == Find(bob));
        Assert.False(first == Find(alice));
        Assert.False(second == Find(bob)); // alice is back in bob's stead
    }

    private static AddressOfRecord Make(string user)
    {
        var aor = new AddressOfRecord(Encoding.UTF8.GetBytes($"sip:{user}@example.com"), 0);
        aor.Bindings = [Bind(aor)];
        return aor;
    }

    private static Binding Bind(AddressOfRecord owner)
    {
        Binding binding = Binding.TryMake(new BindingDraft
        {
            Id = 1,
            Contact = "<sip:user@192.0.2.7>"u8,
            Version = IpVersion.V4,
            Expires = long.MaxValue,
            Registered = 0,
            CallId = "a"u8,
            CSeq = 1,
            Transport = SipTransport.Udp,
            Source = new IPEndPoint(IPAddress.Loopback, 5060),
        })!;
        binding.BelongTo(owner);
        return binding;
    }

    private ImmutableArray<Device> Find(AddressOfRecord aor) => aor.LiveDevices(now: 0, _lookedUp);
}

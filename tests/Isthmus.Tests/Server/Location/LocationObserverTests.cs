// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Tests.Server.Registrar;

namespace Isthmus.Tests.Server.Location;

public sealed class LocationObserverTests
{
    [Fact]
    public void Changed_BindingAppearsIsRenewedGoesAndExpires_IsTold()
    {
        using var bench = new RegistrarBench();
        var heard = new Heard();
        bench.Location.Observe(heard);

        bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>;expires=60"]);
        bench.Send(IpVersion.V4, "a", 2, ["<sip:alice@192.0.2.7>;expires=60"]);
        bench.Send(IpVersion.V4, "b", 1, ["<sip:alice@192.0.2.8>;expires=600"]);
        bench.Send(IpVersion.V4, "b", 2, ["<sip:alice@192.0.2.8>;expires=0"]);
        bench.Time.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(["sip:alice@example.com 0>1", "renewed", "sip:alice@example.com 1>2", "sip:alice@example.com 2>1", "sip:alice@example.com 1>0"], heard.Said);
    }

    [Fact]
    public void Changed_StoreFails_IsNotTold()
    {
        var store = new FaultyStore { Fails = true };
        using var bench = new RegistrarBench(store: store);
        var heard = new Heard();
        bench.Location.Observe(heard);

        Assert.Equal(503, bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]).StatusCode);

        Assert.Empty(heard.Said);
    }

    private sealed class Heard : ILocationObserver
    {
        public List<string> Said { get; } = [];

        public void Changed(AddressOfRecord aor, Binding[] before) => Said.Add($"{aor.Aor} {before.Length}>{aor.Bindings.Length}");

        public void Renewed(Binding binding) => Said.Add("renewed");
    }
}

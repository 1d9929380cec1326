// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Lab;

namespace Isthmus.Interop.Tests.Lab;

/// <summary>The hosts of the lab, as they are when somebody begins to use them.</summary>
public sealed class LabGroundTests
{
    // An address whose turn in the detection of duplicates has still to come cannot be bound, and beside other work on networks that turn is late.
    [Fact]
    public async Task Addresses_OfAllHosts_CanBeBoundAtOnce()
    {
        TestNetwork.Create().Dispose();
        var ip = new IpTool(TestNetwork.Tool);
        await using var ground = await LabGround.BuildAsync(ip, NetworkPlan.Of(DomainFigureTable.Find("17")!, LabNetwork.Figure12));
        foreach (var one in ground.Namespaces.Values)
        {
            var addresses = (await ip.RunAsync("-n", one.Name, "-6", "-o", "address", "show", "scope", "global")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(addresses, address => Assert.Contains(" nodad", address, StringComparison.Ordinal));
        }
    }
}

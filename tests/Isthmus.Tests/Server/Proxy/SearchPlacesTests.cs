// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Proxy;

namespace Isthmus.Tests.Server;

public sealed class SearchPlacesTests
{
    [Fact]
    public void Take_OneDomain_HasATenthAndLeavesTheRest()
    {
        var places = new SearchPlaces(100);
        for (int i = 0; i < 10; i++)
        {
            Assert.Null(places.Take("dead.example"));
        }

        Assert.Equal("Too Many Searches For That Domain", places.Take("DEAD.example"));
        Assert.Null(places.Take("b.example"));
        Assert.Null(places.Take(null));
        places.Leave("dead.example");
        Assert.Null(places.Take("dead.example"));
        Assert.Equal(12, places.Count);
    }

    [Fact]
    public void Take_AllAreTaken_NobodyGetsOneUntilOneIsGivenBack()
    {
        var places = new SearchPlaces(3);
        Assert.Equal([null, null, null, "Too Many Searches"], new[] { "a.example", "b.example", null, "c.example" }.Select(places.Take));
        places.Leave("a.example");
        Assert.Null(places.Take("c.example"));
    }
}
